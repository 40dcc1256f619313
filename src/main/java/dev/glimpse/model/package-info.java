/**
 * Belongs here: what is served: the model repository, its folders, their Hugging Face
 * configuration.
 *
 * <p>Does not: requests; a model knows nothing of who asks.
 */
@NullMarked
package dev.glimpse.model;

import org.jspecify.annotations.NullMarked;
