package dev.glimpse.engine;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Recognizes why ONNX Runtime rejects a graph or fails to run it, by its message, and tells the
 * operator what to do.
 */
public final class GraphFault {

  private GraphFault() {}

  /** The first that fits counts. */
  private static final KnownMessage[] KNOWN = {
    known(
        "Unsupported model IR version: (\\d+), max supported IR version: (\\d+)",
        "it has IR version %s, and the newest that ONNX Runtime reads is %s; lower its ir_version"
            + " with Python's onnx package, or export it with an older one"),
    known(
        "Opset (\\d+) is under development.*support for domain (\\S+) is till opset (\\d+)",
        "it has opset %s of the domain %s, and the newest that ONNX Runtime reads is %s; convert it"
            + " with Python's onnx.version_converter, or export it with a lower opset"),
    known(
        "Fatal error: (?:([^:\\s]*):)?([^\\s(:]+)\\(-?\\d+\\) is not a registered function/op",
        "its operators of the domain %s, such as %s, are not part of ONNX Runtime, and custom"
            + " operators cannot be added; export it with standard ones"),
    known(
        "In Node, \\(\"[^\"]*\", ([^,]+), \"[^\"]*\".*No opset import for domain '([^']*)'",
        "its operator %s is of the domain %s, of which it names no opset and ONNX Runtime has no"
            + " operators; export it with standard ones"),
    known(
        "No Op registered for (\\S+) with domain_version of (\\d+)",
        "its operator %s does not exist in opset %s; export it with another opset, or with standard"
            + " operators"),
    known(
        "Failed to find kernel for ([\\w.:]+)\\(",
        "ONNX Runtime cannot run its operator %s on these types; export it in float32, or quantize"
            + " it another way"),
    known(
        "Could not find an implementation for ([\\w.:]+)\\(",
        "ONNX Runtime cannot run its operator %s on these types; export it in float32, or quantize"
            + " it another way"),
    known(
        "Failed to construct locale with name:([^:\\s]+)",
        "its StringNormalizer needs the locale %s, which this system does not have; install it"
            + " (Debian: the package locales, and locale-gen), or export it with another"),
    known(
        "Invalid rank for input: (\\S+) Got: (\\d+) Expected: (\\d+)",
        "its input %s got a tensor of %s dimensions and takes one of %s; correct the tensor"),
    known(
        "Cannot parse data from external tensors.* for tensor: (\\S+)",
        "its tensor %s holds a shape, which must not be in a second file; save it with small"
            + " tensors inside of the graph (onnx.save_model with size_threshold=1024)"),
    known(
        "Op \\((\\w+)\\) \\[ShapeInferenceError\\]",
        "its node %s cannot take tensors of the shape, or the number of dimensions, that it gets;"
            + " export it again"),
    known(
        "ModelProto does not have a graph",
        "the file is incomplete, or is no ONNX file; copy or download it again"),
    known(
        "Protobuf parsing failed|parsing a protocol message|[Pp]rotocol message",
        "the file is damaged or incomplete, or is no ONNX file; copy or download it again"),
    known(
        "bad_alloc|Failed to allocate memory",
        "there is not enough memory for it; give the service more, or use a smaller model"),
    known(
        "External initializer: (\\S+) .*out of bounds",
        "the file that holds its weights ends before %s does; copy or download it again"),
    known(
        "Type 'tensor\\((\\w+)\\)' of input parameter \\([^)]*\\) of operator \\((\\w+)\\)",
        "it gives %s to the operator %s, which does not take it; export it with another type, such"
            + " as float32"),
    known("This is an invalid model|Invalid model\\.", "it is not valid ONNX; export it again"),
  };

  /**
   * Returns what is wrong and what to do, as part of a sentence about the graph.
   *
   * @param words ONNX Runtime's message
   * @return empty if it is not a known one
   */
  public static Optional<String> of(String words) {
    return KnownMessage.find(KNOWN, words);
  }

  private static KnownMessage known(String words, String sentence) {
    return new KnownMessage(Pattern.compile(words, Pattern.DOTALL), sentence);
  }
}
