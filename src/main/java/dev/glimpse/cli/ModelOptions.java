package dev.glimpse.cli;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Adds the options that choose a model of a repository. */
final class ModelOptions {

  static final String MODEL = "--model";
  static final String VERSION = "--version";
  static final String MODELS = "--models";

  private ModelOptions() {}

  static CommandSpec addTo(CommandSpec command) {
    return command
        .addOption(
            CommandOptions.option(
                "<name>", String.class, "The model; default: the service's default model.", MODEL))
        .addOption(
            CommandOptions.option(
                "<number>",
                Integer.class,
                "The model's version; default: the one with the largest share of the traffic, or else the highest.",
                VERSION))
        .addOption(models());
  }

  static OptionSpec models() {
    return CommandOptions.option(
        "<folder>", Path.class, "The model repository; default: glimpse.models.path.", MODELS);
  }
}
