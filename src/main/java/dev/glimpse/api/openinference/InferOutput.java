package dev.glimpse.api.openinference;

import dev.glimpse.engine.Tensor;

/** Holds an output, and whether to write it in binary. */
public record InferOutput(Tensor tensor, boolean binary) {}
