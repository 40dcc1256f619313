package dev.glimpse;

import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.metrics.StartBudget;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;

/** Our first line: ONNX Runtime's libraries are loaded while Quarkus starts, on another thread. */
@QuarkusMain
public final class Main {

  Main() {}

  public static void main(String... arguments) {
    StartBudget.begin();
    OnnxRuntimeEngine.startEarly();
    if (List.of(arguments).contains(Rehearsal.ARGUMENT)) {
      Rehearsal.closeTheDoors();
      Quarkus.run(Rehearsal.class, arguments);
    } else {
      Quarkus.run(arguments);
    }
  }
}
