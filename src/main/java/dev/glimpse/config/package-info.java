/**
 * Belongs here: the service's settings.
 *
 * <p>Does not: a model's own facts; they live in the model's folder.
 */
@NullMarked
package dev.glimpse.config;

import org.jspecify.annotations.NullMarked;
