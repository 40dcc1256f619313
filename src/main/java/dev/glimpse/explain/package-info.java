/**
 * Explains a classifier's score for an image: by its class activation map, or by what the score
 * becomes when parts of the image are hidden; and draws such a map over the image.
 *
 * <p>Does not belong here: requests and protocols.
 */
@NullMarked
package dev.glimpse.explain;

import org.jspecify.annotations.NullMarked;
