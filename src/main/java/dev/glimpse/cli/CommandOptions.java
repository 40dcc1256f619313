package dev.glimpse.cli;

import dev.glimpse.failure.Printable;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** Describes options and parameters for picocli, without reflection, and reads their values. */
final class CommandOptions {

  private CommandOptions() {}

  /**
   * Describes an option with a value.
   *
   * @param label stands for the value in the help, such as {@code <number>}
   */
  static OptionSpec option(String label, Class<?> type, String description, String... names) {
    return OptionSpec.builder(names).paramLabel(label).type(type).description(description).build();
  }

  /** Describes an option without a value. */
  static OptionSpec flag(String description, String... names) {
    return OptionSpec.builder(names).type(boolean.class).description(description).build();
  }

  /** Describes an option whose value is the name of one of these constants, in lower case. */
  static <E extends Enum<E>> OptionSpec choice(E[] values, String description, String name) {
    String words = Arrays.stream(values).map(CommandOptions::word).collect(Collectors.joining("|"));
    return OptionSpec.builder(name)
        .paramLabel(words)
        .type(Enum.class)
        .converters(text ->
            Arrays.stream(values)
                .filter(value -> word(value).equals(text))
                .findFirst()
                .orElseThrow(() ->
                    new TypeConversionException(
                        "\"%s\" must be one of %s".formatted(Printable.of(text), words))))
        .description(description)
        .build();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Describes a parameter that has to be given, once.
   *
   * @param index its place among the parameters, from 0
   */
  static PositionalParamSpec parameter(int index, String label, Class<?> type, String description) {
    return PositionalParamSpec.builder()
        .index(Integer.toString(index))
        .arity("1")
        .required(true)
        .paramLabel(label)
        .type(type)
        .description(description)
        .build();
  }

  /** Returns an option's value; empty if the command line does not have the option. */
  static <T> Optional<T> value(ParseResult parsed, String option) {
    @Nullable T value = parsed.matchedOptionValue(option, (T) null);
    return Optional.ofNullable(value);
  }

  /**
   * Checks a command line.
   *
   * @param otherwise what is wrong, as a sentence without its full stop
   * @throws ParameterException if the condition is not met
   */
  static void require(ParseResult parsed, boolean condition, String otherwise) {
    if (!condition) {
      throw new ParameterException(parsed.commandSpec().commandLine(), otherwise + ".");
    }
  }
}
