package dev.glimpse.recipe;

import dev.glimpse.repository.LabelFile;
import dev.glimpse.repository.ModelFolder;
import java.nio.file.Files;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the file of labels that Triton's <a
 * href="https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/model_configuration.html">config.pbtxt</a>
 * names. Everything else in it follows from the graph, or is for Triton.
 */
final class TritonConfig {

  static final String FILE = "config.pbtxt";

  /** A text in quotes, which may contain a number sign, or a comment. */
  private static final Pattern TEXT_OR_COMMENT =
      Pattern.compile("(\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*')|#[^\\n]*");

  private static final Pattern LABELS =
      Pattern.compile("\\blabel_filename\\s*:\\s*[\"']([^\"']+)[\"']");

  private TritonConfig() {}

  /** Returns the labels; empty if no file of labels is named. */
  static Optional<ClassNames> labels(ModelFolder folder) {
    return labelFile(folder)
        .map(name ->
            new ClassNames(
                LabelFile.read(folder, name), name, name + " by " + FILE + ": label_filename"));
  }

  /** Returns the name of the file of labels; empty if none is named. */
  static Optional<String> labelFile(ModelFolder folder) {
    if (!Files.exists(folder.file(FILE))) {
      return Optional.empty();
    }
    String text =
        TEXT_OR_COMMENT
            .matcher(folder.read(FILE))
            .replaceAll(
                found -> found.group(1) == null ? "" : Matcher.quoteReplacement(found.group(1)));
    Matcher labels = LABELS.matcher(text);
    if (!labels.find()) {
      return Optional.empty();
    }
    if (!folder.holds(labels.group(1))) {
      throw folder.unservable(FILE + ": label_filename has to be a file in this folder");
    }
    return Optional.of(labels.group(1));
  }
}
