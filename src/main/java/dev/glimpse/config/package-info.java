/**
 * Defines the service's settings, and reads files that they name again when these change.
 *
 * <p>Does not belong here: facts about one model, which are in the model's folder.
 */
@NullMarked
package dev.glimpse.config;

import org.jspecify.annotations.NullMarked;
