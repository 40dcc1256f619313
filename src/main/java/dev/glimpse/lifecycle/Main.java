package dev.glimpse.lifecycle;

import dev.glimpse.cli.Commands;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.metrics.StartupTimeline;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;

/**
 * Our first line: libraries are loaded while Quarkus starts, on another thread. With a command,
 * Quarkus is not started at all.
 */
@QuarkusMain
public final class Main {

  Main() {}

  public static void main(String... arguments) {
    boolean rehearsal = List.of(arguments).contains(AotTrainingRun.ARGUMENT);
    if (!rehearsal && arguments.length > 0 && Commands.meant(arguments[0])) {
      System.exit(Commands.run(arguments));
    }
    StartupTimeline.begin();
    Thread libraries = new Thread(Main::loadLibraries, "libraries");
    libraries.setDaemon(true);
    libraries.start();
    if (rehearsal) {
      AotTrainingRun.closeTheDoors();
      Quarkus.run(AotTrainingRun.class, arguments);
    } else {
      Quarkus.run(arguments);
    }
  }

  /** Whatever is wrong with one is said by whoever needs it, which tries again. */
  private static void loadLibraries() {
    OnnxRuntimeEngine.startEarly();
    ImageDecoder.startEarly();
  }
}
