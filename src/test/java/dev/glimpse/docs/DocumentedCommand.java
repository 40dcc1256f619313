package dev.glimpse.docs;

import dev.glimpse.support.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A command in an {@code sh} block of a document; a backslash or a pipe at the end of a line
 * continues it.
 *
 * @param document where it stands
 * @param text the command, on as many lines as it has there
 * @param hasOutput whether the document shows below its block what the block prints
 */
public record DocumentedCommand(Path document, String text, boolean hasOutput) {

  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^```sh\\n(.*?)^```\\n(\\n```(?:json)?\\n)?");

  /** Returns the commands of all documents, in their order. */
  static List<DocumentedCommand> all() throws IOException {
    List<DocumentedCommand> commands = new ArrayList<>();
    for (Path document : Documents.all()) {
      commands.addAll(of(document));
    }
    return commands;
  }

  /** Returns the commands of one document, in their order. */
  public static List<DocumentedCommand> of(Path document) throws IOException {
    List<DocumentedCommand> commands = new ArrayList<>();
    for (MatchResult block : BLOCK.matcher(Files.readString(document)).results().toList()) {
      boolean hasOutput = block.group(2) != null;
      split(block.group(1))
          .forEach(text -> commands.add(new DocumentedCommand(document, text, hasOutput)));
    }
    return commands;
  }

  private static List<String> split(String block) {
    List<String> commands = new ArrayList<>();
    StringBuilder command = new StringBuilder();
    boolean quoted = false;
    for (String line : block.split("\n")) {
      if (command.isEmpty() && line.isBlank()) {
        continue;
      }
      command.append(command.isEmpty() ? "" : "\n").append(line);
      quoted ^= line.chars().filter(c -> c == '\'').count() % 2 == 1;
      if (!quoted && !line.endsWith("\\") && !line.endsWith("|")) {
        commands.add(command.toString());
        command.setLength(0);
      }
    }
    return commands;
  }
}
