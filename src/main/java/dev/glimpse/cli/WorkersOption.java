package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Describes and reads how many images a command works on at a time. */
final class WorkersOption {

  private static final String NAME = "--workers";
  private static final int MOST = 256;

  private WorkersOption() {}

  static OptionSpec spec() {
    return CommandOptions.option(
        "<number>",
        Integer.class,
        "How many images to work on at a time; default: as many as there are CPUs.",
        NAME);
  }

  /** Reads the option, 1 to {@value #MOST}; empty if it is not given. */
  static Optional<Integer> read(ParseResult parsed) {
    Optional<Integer> workers = CommandOptions.value(parsed, NAME);
    CommandOptions.require(
        parsed,
        workers.isEmpty() || (workers.get() >= 1 && workers.get() <= MOST),
        NAME + " must be from 1 to " + MOST);
    return workers;
  }

  /**
   * Returns how many workers there are.
   *
   * @param wanted the option's value; empty: as the settings say, or else the number of CPUs
   */
  static int count(Optional<Integer> wanted, GlimpseConfig config) {
    return wanted.orElseGet(
        () -> config.workers().count().orElse(Runtime.getRuntime().availableProcessors()));
  }
}
