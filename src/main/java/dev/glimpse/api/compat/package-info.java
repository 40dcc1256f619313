/**
 * Belongs here: the endpoints of other image classification servers, for clients and platforms that
 * cannot be changed: TorchServe, DJL Serving, SageMaker, Vertex AI and Hugging Face.
 *
 * <p>Does not: features of their own; they lead to the same classifier as {@code POST /predict}.
 */
@NullMarked
package dev.glimpse.api.compat;

import org.jspecify.annotations.NullMarked;
