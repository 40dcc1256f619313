/**
 * Fits what makes a model's scores probabilities, and tells when they are not to be trusted; see
 * {@code models calibrate}.
 *
 * <p>Does not belong here: what it does to a request's scores (package {@code postprocess}).
 */
@NullMarked
package dev.glimpse.calibration;

import org.jspecify.annotations.NullMarked;
