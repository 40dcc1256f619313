package dev.glimpse.pipeline;

import dev.glimpse.engine.Tensor;
import dev.glimpse.model.Model;
import java.util.List;

/**
 * Asks a model for outputs of its graph.
 *
 * @param model to run
 * @param inputs one tensor for each of the model's inputs; or, for an image classifier, a single
 *     tensor of encoded images
 * @param outputs the names of the outputs to return, each once; none: all
 * @param body what the protocol has read of the body, for its response
 */
public record TensorRequest<B>(Model model, List<Tensor> inputs, List<String> outputs, B body) {}
