/**
 * Classifies images. Start at {@link dev.glimpse.Classifier}: each package below is a step of a
 * request, or an endpoint.
 */
@NullMarked
package dev.glimpse;

import org.jspecify.annotations.NullMarked;
