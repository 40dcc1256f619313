package dev.glimpse.api.tensorjson;

import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import java.util.List;

/**
 * Selects the outputs of a graph that can be returned: those of a type that the protocol has a name
 * for, so not {@code float8e4m3fn}, for example.
 */
public final class ServableOutputs {

  private ServableOutputs() {}

  /**
   * Returns the names of the outputs to return when a request names none.
   *
   * @return an empty list if that is all of them
   * @throws ServingException INVALID_PARAMETER if there is no such output
   */
  public static List<String> all(Model model) {
    List<TensorSpec> representable =
        model.session().outputs().stream().filter(ServableOutputs::representable).toList();
    if (representable.isEmpty()) {
      throw ServingException.invalid(
          "model", "has no output of a type that this protocol knows: " + model.describeOutputs());
    }
    return representable.size() == model.session().outputs().size()
        ? List.of()
        : representable.stream().map(TensorSpec::name).toList();
  }

  /**
   * Checks the types of the outputs that a request names. Unknown names are checked elsewhere.
   *
   * @throws ServingException INVALID_PARAMETER if one is of a type that the protocol does not know
   */
  public static List<String> named(List<String> names, Model model) {
    for (TensorSpec output : model.session().outputs()) {
      if (names.contains(output.name()) && !representable(output)) {
        throw ServingException.invalid(
            "outputs", "must not name %s: this protocol has no such type".formatted(output));
      }
    }
    return names;
  }

  private static boolean representable(TensorSpec output) {
    return Datatype.ofOnnx(output.type()).isPresent();
  }
}
