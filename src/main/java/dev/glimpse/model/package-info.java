/**
 * Belongs here: what is served: the model repository, its folders, the configuration that Hugging
 * Face or timm left there, and whether it fits the graph.
 *
 * <p>Does not: requests; a model knows nothing of who asks.
 */
@NullMarked
package dev.glimpse.model;

import org.jspecify.annotations.NullMarked;
