package dev.glimpse.api.openinference;

import dev.glimpse.engine.OutputKind;
import dev.glimpse.engine.Runner;
import dev.glimpse.engine.Session;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.model.Model;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Models that are asked what they take and give, and never run. */
final class DeclaredModels {

  private DeclaredModels() {}

  /** One that takes and gives nothing that matters. */
  static Model ofTensors() {
    return ofTensors(
        List.of(new TensorSpec("in", "float", List.of(-1L))),
        List.of(new TensorSpec("out", "float", List.of(-1L))));
  }

  static Model ofTensors(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    return new Model("any", 1, new Declared(inputs, outputs), Optional.empty(), List::of);
  }

  private record Declared(List<TensorSpec> inputs, List<TensorSpec> outputs) implements Session {

    @Override
    public TensorSpec input() {
      return inputs.get(0);
    }

    @Override
    public TensorSpec output() {
      return outputs.get(0);
    }

    @Override
    public OutputKind outputKind() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Runner borrow(long... shape) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Tensor> run(List<Tensor> given, Set<String> wanted) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
