package dev.glimpse.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.access.NewKey;
import dev.glimpse.access.Rate;
import dev.glimpse.access.Role;
import dev.glimpse.failure.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** Runs {@code keys new <name>}: makes a key, and the line for the file of keys. */
final class KeysNew {

  private static final String ROLE = "--role";
  private static final String RATE = "--rate";
  private static final String FILE = "--file";

  private final Output out;

  KeysNew(Output out) {
    this.out = out;
  }

  /** Adds the command's options and parameters. */
  static CommandSpec addTo(CommandSpec command) {
    return command
        .addOption(
            OptionSpec.builder(ROLE)
                .paramLabel("<role>")
                .type(List.class)
                .auxiliaryTypes(Role.class)
                .converters(KeysNew::role)
                .description("predict (the default), observe or admin; may be given several times.")
                .build())
        .addOption(
            CommandOptions.option(
                "<rate>",
                String.class,
                "How many requests the caller may send, such as 10/s, 600/m or 5000/h.",
                RATE))
        .addOption(
            CommandOptions.option(
                "<file>",
                Path.class,
                "Appends the line to this file, which a running service reads again.",
                FILE))
        .addPositional(
            CommandOptions.parameter(
                0, "<name>", String.class, "Whose key it is, for logs and limits."));
  }

  private static Role role(String text) {
    return Role.named(text)
        .orElseThrow(() ->
            new TypeConversionException(
                "\"%s\" must be %s".formatted(Printable.of(text), Role.words())));
  }

  /** Runs the command and returns its exit status. */
  int run(ParseResult parsed) {
    String name = parsed.matchedPositionalValue(0, "");
    CommandOptions.require(
        parsed,
        NewKey.isName(name),
        "The name must have 1 to 64 letters, digits, dots, hyphens, underscores or @, and begin"
            + " with a letter or digit");
    Optional<String> rate = CommandOptions.value(parsed, RATE);
    CommandOptions.require(
        parsed,
        rate.isEmpty() || Rate.parse(rate.get()).isPresent(),
        "The rate must be a number of requests per s, m or h, such as 10/s");
    NewKey key = NewKey.of(name, parsed.matchedOptionValue(ROLE, List.of()), rate);
    Path file = parsed.matchedOptionValue(FILE, null);
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (file != null) {
      try {
        append(file, key.line());
      } catch (IOException e) {
        return out.fail(
            "The file %s cannot be written; no key was made."
                .formatted(Printable.of(file.toString())),
            node);
      }
    }
    print(key, file, node);
    return Commands.OK;
  }

  /** A last line without a line break would otherwise become one with the new one. */
  private static void append(Path file, String line) throws IOException {
    String before = Files.exists(file) ? Files.readString(file) : "";
    boolean open = !before.isEmpty() && !before.endsWith("\n");
    Files.writeString(
        file,
        (open ? "\n" : "") + line + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void print(NewKey key, @Nullable Path file, ObjectNode node) {
    if (out.json()) {
      out.print(node.put("key", key.key()).put("line", key.line()));
      return;
    }
    out.print(
        """
        The key, which is shown only now:
          %s
        %s
          %s
        """
            .formatted(
                key.key(),
                file == null
                    ? "Its line for the file that glimpse.auth.keys names:"
                    : "Added to " + Printable.of(file.toString()) + ":",
                key.line()));
  }
}
