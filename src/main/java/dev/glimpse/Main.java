package dev.glimpse;

import dev.glimpse.command.Commands;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.metrics.StartBudget;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Our first line: ONNX Runtime's libraries are loaded while Quarkus starts, on another thread. With
 * a command, Quarkus is not started at all.
 */
@QuarkusMain
public final class Main {

  Main() {}

  public static void main(String... arguments) {
    if (arguments.length > 0 && Commands.meant(arguments[0])) {
      System.exit(Commands.run(arguments));
    }
    StartBudget.begin();
    OnnxRuntimeEngine.startEarly();
    Quarkus.run(arguments);
  }
}
