package dev.glimpse.api.tensorjson;

import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import java.util.List;

/**
 * Which of a graph's outputs can be told: those of a type that the protocol has a name for, and not
 * the likes of {@code float8e4m3fn}.
 */
public final class ServableOutputs {

  private ServableOutputs() {}

  /**
   * The names of those that are answered with when nobody names any.
   *
   * @return none if that is all of them
   * @throws ServingException INVALID_PARAMETER if there are none
   */
  public static List<String> all(Model model) {
    List<TensorSpec> told =
        model.session().outputs().stream().filter(ServableOutputs::told).toList();
    if (told.isEmpty()) {
      throw ServingException.invalid(
          "model", "gives nothing that can be told in this protocol: " + model.output());
    }
    return told.size() == model.session().outputs().size()
        ? List.of()
        : told.stream().map(TensorSpec::name).toList();
  }

  /**
   * Looks at what was named; a name that is none is not its affair.
   *
   * @throws ServingException INVALID_PARAMETER if one cannot be told
   */
  public static List<String> named(List<String> names, Model model) {
    for (TensorSpec output : model.session().outputs()) {
      if (names.contains(output.name()) && !told(output)) {
        throw ServingException.invalid(
            "outputs", "must be without %s: this protocol has no such type".formatted(output));
      }
    }
    return names;
  }

  private static boolean told(TensorSpec output) {
    return Datatype.ofOnnx(output.type()).isPresent();
  }
}
