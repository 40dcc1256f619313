package dev.glimpse.lifecycle;

import dev.glimpse.cli.Commands;
import dev.glimpse.cli.ServeArguments;
import dev.glimpse.metrics.StartupTimeline;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import java.util.Optional;

/**
 * Starts the service, and loads the native libraries on another thread while Quarkus starts; or
 * runs a command, without Quarkus.
 */
@QuarkusMain
public final class Main {

  Main() {}

  public static void main(String... arguments) {
    boolean training = List.of(arguments).equals(List.of(AotTrainingRun.ARGUMENT));
    Optional<ServeArguments> serve = ServeArguments.of(arguments);
    if (!training && serve.isEmpty()) {
      System.exit(Commands.run(arguments));
    }
    StartupTimeline.begin();
    try {
      ProcessEnd.prepare();
      EarlyLibraries.load();
      EarlyModels.whenSettingsAreRead();
      if (training) {
        AotTrainingRun.usePrivatePort();
        Quarkus.run(AotTrainingRun.class, arguments);
      } else {
        serve.ifPresent(ServeArguments::apply);
        Quarkus.run(arguments);
      }
    } catch (RuntimeException e) {
      if (!ProcessEnd.isEnding()) { // a signal came before Quarkus could add its shutdown hook
        throw e;
      }
    }
  }
}
