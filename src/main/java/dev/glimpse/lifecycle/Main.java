package dev.glimpse.lifecycle;

import dev.glimpse.cli.Commands;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.metrics.StartupTimeline;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;

/**
 * Starts the service, and loads the native libraries on another thread while Quarkus starts; or
 * runs a command, without Quarkus.
 */
@QuarkusMain
public final class Main {

  Main() {}

  public static void main(String... arguments) {
    boolean training = List.of(arguments).contains(AotTrainingRun.ARGUMENT);
    if (!training && arguments.length > 0 && Commands.isCommand(arguments[0])) {
      System.exit(Commands.run(arguments));
    }
    StartupTimeline.begin();
    Thread libraries = new Thread(Main::loadLibraries, "libraries");
    libraries.setDaemon(true);
    libraries.start();
    if (training) {
      AotTrainingRun.usePrivatePort();
      Quarkus.run(AotTrainingRun.class, arguments);
    } else {
      Quarkus.run(arguments);
    }
  }

  /** Ignores failures: the code that needs a library tries again, and reports them. */
  private static void loadLibraries() {
    OnnxRuntimeEngine.startEarly();
    ImageCodecs.loadLibraries();
  }
}
