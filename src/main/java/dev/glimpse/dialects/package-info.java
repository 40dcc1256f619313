/**
 * Belongs here: the ways in which other servers of image classifiers are asked for one picture, for
 * clients and platforms that know no other: TorchServe, DJL Serving, SageMaker, Vertex AI, Hugging
 * Face.
 *
 * <p>Does not: anything that {@code predict} does not know; these doors lead to the same.
 */
@NullMarked
package dev.glimpse.dialects;

import org.jspecify.annotations.NullMarked;
