package dev.glimpse.engine;

import java.util.List;

/** Chooses the output that holds an image's scores. */
@FunctionalInterface
public interface OutputChoice {

  /** Chooses the output called {@code logits}, as Hugging Face's exporter does, or the first. */
  OutputChoice LOGITS_OR_FIRST =
      outputs ->
          outputs.stream()
              .filter(output -> output.name().equals("logits"))
              .findFirst()
              .orElse(outputs.get(0));

  /**
   * Chooses one of the outputs.
   *
   * @param outputs at least one
   */
  TensorSpec choose(List<TensorSpec> outputs);
}
