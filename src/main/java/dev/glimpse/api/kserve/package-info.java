/**
 * Belongs here: the endpoints of KServe's V1 protocol, which is also TensorFlow Serving's and
 * Vertex AI's.
 *
 * <p>Does not: the V2 protocol; see {@code openinference}.
 */
@NullMarked
package dev.glimpse.api.kserve;

import org.jspecify.annotations.NullMarked;
