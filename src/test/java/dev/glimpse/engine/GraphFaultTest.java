package dev.glimpse.engine;

import static dev.glimpse.support.TestGraph.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.support.Configs;
import dev.glimpse.support.TestGraph;
import dev.glimpse.support.TestGraph.Type;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GraphFaultTest {

  private static final OnnxRuntimeEngine ENGINE = new OnnxRuntimeEngine(Configs.defaults());

  @TempDir Path folder;

  static Stream<Arguments> graphs() {
    return Stream.of(
        Arguments.of(
            relu().irVersion(14),
            "it has IR version 14, and the newest that ONNX Runtime reads is"),
        Arguments.of(relu().opset("", 99), "it has opset 99 of the domain ai.onnx, and the newest"),
        Arguments.of(
            relu().opset("ai.onnx.ml", 9),
            "it has opset 9 of the domain ai.onnx.ml, and the newest"),
        Arguments.of(
            floats("Foo", "my.ops").opset("my.ops", 1),
            "its operators of the domain my.ops, such as Foo, are not part of ONNX Runtime"),
        Arguments.of(floats("Foo", "my.ops"), "its operator Foo is of the domain my.ops"),
        Arguments.of(floats("Foo", ""), "its operator Foo does not exist in opset 17"),
        Arguments.of(
            new TestGraph()
                .input("in", Type.STRING, 1)
                .node(
                    "StringNormalizer",
                    List.of("in"),
                    "out",
                    TestGraph.attribute("locale", "xx_YY.utf8"),
                    TestGraph.attribute("case_change_action", "LOWER"))
                .output("out", Type.STRING, OPEN),
            "its StringNormalizer needs the locale xx_YY.utf8"),
        Arguments.of(
            new TestGraph()
                .input("in", Type.FLOAT, 1, 4)
                .node("Conv", List.of("in", "in"), "out")
                .output("out", Type.FLOAT, 1, 4),
            "its node Conv cannot take tensors of the shape, or the number of dimensions"));
  }

  private static TestGraph relu() {
    return floats("Relu", "");
  }

  private static TestGraph floats(String operator, String domain) {
    return new TestGraph()
        .input("in", Type.FLOAT, 1, 4)
        .node(operator, domain, List.of("in"), "out")
        .output("out", Type.FLOAT, 1, 4);
  }

  /** The whole of ONNX Runtime's message stays with the exception. */
  @ParameterizedTest
  @MethodSource("graphs")
  void saysWhyAGraphIsNotLoaded(TestGraph graph, String sentence) {
    Path file = graph.write(folder.resolve("model.onnx"));
    assertThatThrownBy(() -> ENGINE.load(file))
        .isInstanceOfSatisfying(
            EngineException.class,
            e ->
                assertThat(GraphFault.of(e.getMessage()))
                    .hasValueSatisfying(words -> assertThat(words).startsWith(sentence)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Invalid rank for input: x Got: 3 Expected: 2 Please fix | its input x got a tensor of 3",
        "Op (Reshape) [ShapeInferenceError] Cannot parse data from external tensors. Please load"
            + " external data into raw data for tensor: s | its tensor s holds a shape, which must",
        "Failed to find kernel for com.microsoft.QGemm(1) (node:'a' | operator com.microsoft.QGemm",
        "Type 'tensor(bfloat16)' of input parameter (x) of operator (Conv) in | gives bfloat16 to"
            + " the operator Conv",
        "External initializer: w offset: 0 size to read: 16 given file_length: 4 are out of bounds"
            + " | ends before w does",
        "Protobuf parsing failed. | copy or download it again"
      })
  void knowsOtherMessages(String message, String sentence) {
    assertThat(GraphFault.of(message))
        .hasValueSatisfying(words -> assertThat(words).contains(sentence));
  }

  @Test
  void doesNotGuess() {
    assertThat(GraphFault.of("Something that no release of ONNX Runtime has said yet")).isEmpty();
  }

  @Test
  void messageOnOneLineHasNoSignatures() {
    assertThat(
            new EngineException(
                    "Load failed:/src/core/graph/model.cc:177"
                        + " onnxruntime::Model::Model(onnx::Proto&&, std::function<void (int)>,"
                        + " bool) const ModelProto\n"
                        + " does not (yet) run")
                .oneLine())
        .isEqualTo("Load failed:model.cc:177 ModelProto does not (yet) run");
  }
}
