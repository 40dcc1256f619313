package dev.glimpse.engine;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognizes why ONNX Runtime rejects a graph or fails to run it, by its message, and tells the
 * operator what to do.
 */
public final class GraphFault {

  private GraphFault() {}

  /**
   * A message of ONNX Runtime.
   *
   * @param words what it contains
   * @param sentence what it means; %s stands for a group, of which the empty ones read "ai.onnx"
   */
  private record Known(Pattern words, String sentence) {

    static Known of(String words, String sentence) {
      return new Known(Pattern.compile(words, Pattern.DOTALL), sentence);
    }

    Optional<String> in(String message) {
      Matcher found = words.matcher(message);
      if (!found.find()) {
        return Optional.empty();
      }
      Object[] groups = new Object[found.groupCount()];
      for (int i = 0; i < groups.length; i++) {
        String group = found.group(i + 1);
        groups[i] = group == null || group.isEmpty() ? "ai.onnx" : group;
      }
      return Optional.of(sentence.formatted(groups));
    }
  }

  /** The first that fits counts. */
  private static final Known[] KNOWN = {
    Known.of(
        "Unsupported model IR version: (\\d+), max supported IR version: (\\d+)",
        "it has IR version %s, and the newest that ONNX Runtime reads is %s; lower its ir_version"
            + " with Python's onnx package, or export it with an older one"),
    Known.of(
        "Opset (\\d+) is under development.*support for domain (\\S+) is till opset (\\d+)",
        "it has opset %s of the domain %s, and the newest that ONNX Runtime reads is %s; convert it"
            + " with Python's onnx.version_converter, or export it with a lower opset"),
    Known.of(
        "Fatal error: (?:([^:\\s]*):)?([^\\s(:]+)\\(-?\\d+\\) is not a registered function/op",
        "its operators of the domain %s, such as %s, are not part of ONNX Runtime, and custom"
            + " operators cannot be added; export it with standard ones"),
    Known.of(
        "In Node, \\(\"[^\"]*\", ([^,]+), \"[^\"]*\".*No opset import for domain '([^']*)'",
        "its operator %s is of the domain %s, of which it names no opset and ONNX Runtime has no"
            + " operators; export it with standard ones"),
    Known.of(
        "No Op registered for (\\S+) with domain_version of (\\d+)",
        "its operator %s does not exist in opset %s; export it with another opset, or with standard"
            + " operators"),
    Known.of(
        "Failed to find kernel for ([\\w.:]+)\\(",
        "ONNX Runtime cannot run its operator %s on these types; export it in float32, or quantize"
            + " it another way"),
    Known.of(
        "Could not find an implementation for ([\\w.:]+)\\(",
        "ONNX Runtime cannot run its operator %s on these types; export it in float32, or quantize"
            + " it another way"),
    Known.of(
        "Failed to construct locale with name:([^:\\s]+)",
        "its StringNormalizer needs the locale %s, which this system does not have; install it"
            + " (Debian: the package locales, and locale-gen), or export it with another"),
    Known.of(
        "Invalid rank for input: (\\S+) Got: (\\d+) Expected: (\\d+)",
        "its input %s got a tensor of %s dimensions and takes one of %s; correct the tensor"),
    Known.of(
        "Op \\((\\w+)\\) \\[ShapeInferenceError\\]",
        "its node %s cannot take tensors of the shape, or the number of dimensions, that it gets;"
            + " export it again"),
    Known.of(
        "ModelProto does not have a graph",
        "the file is incomplete, or is no ONNX file; copy or download it again"),
    Known.of(
        "Protobuf parsing failed|parsing a protocol message|[Pp]rotocol message",
        "the file is damaged or incomplete, or is no ONNX file; copy or download it again"),
    Known.of(
        "bad_alloc|Failed to allocate memory",
        "there is not enough memory for it; give the service more, or use a smaller model"),
    Known.of(
        "External initializer: (\\S+) .*out of bounds",
        "the file that holds its weights ends before %s does; copy or download it again"),
    Known.of(
        "Type 'tensor\\((\\w+)\\)' of input parameter \\([^)]*\\) of operator \\((\\w+)\\)",
        "it gives %s to the operator %s, which does not take it; export it with another type, such"
            + " as float32"),
    Known.of("This is an invalid model|Invalid model\\.", "it is not valid ONNX; export it again"),
  };

  /**
   * Returns what is wrong and what to do, as part of a sentence about the graph.
   *
   * @param words ONNX Runtime's message
   * @return empty if it is not a known one
   */
  public static Optional<String> of(String words) {
    for (Known known : KNOWN) {
      Optional<String> sentence = known.in(words);
      if (sentence.isPresent()) {
        return sentence;
      }
    }
    return Optional.empty();
  }
}
