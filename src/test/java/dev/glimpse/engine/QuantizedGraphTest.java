package dev.glimpse.engine;

import static dev.glimpse.support.TestGraph.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.support.Configs;
import dev.glimpse.support.TestGraph;
import dev.glimpse.support.TestGraph.Type;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizedGraphTest {

  private static final OnnxRuntimeEngine ENGINE = new OnnxRuntimeEngine(Configs.defaults());
  private static final int[] SCALAR = {};

  /** The inputs of a product in {@link #dense}. */
  private static final List<String> PRODUCT =
      List.of("integers", "one", "zero", "weights", "hundredth", "zero weight", "", "one", "zero");

  @TempDir Path folder;

  /** ONNX Runtime has no QGemm of unsigned weights whose result is signed. */
  @Test
  void weightsStayAsExportedWhereOnnxRuntimeRejectsUnsignedOnes() {
    try (Session session = ENGINE.load(dense(Type.INT8).write(folder.resolve("model.onnx")))) {
      assertThat(session.eightBitWeights())
          .isEqualTo(Cpu.sumsOverflow() ? EightBitWeights.AS_EXPORTED : EightBitWeights.EXACT);
      assertThat(scores(session)).containsExactly(new float[] {3, -1}, within(1e-6f));
    }
  }

  /** ONNX Runtime makes the same weights unsigned twice, under one name, and cannot. */
  @Test
  void weightsThatTwoNodesShareStayAsTheyWereExported() {
    TestGraph shared =
        dense(Type.UINT8)
            .node("QGemm", "com.microsoft", PRODUCT, "others")
            .node("DequantizeLinear", List.of("others", "one", "zero"), "second")
            .output("second", Type.FLOAT, OPEN, 2);
    try (Session session = ENGINE.load(shared.write(folder.resolve("model.onnx")))) {
      assertThat(session.eightBitWeights())
          .isEqualTo(Cpu.sumsOverflow() ? EightBitWeights.AS_EXPORTED : EightBitWeights.EXACT);
    }
  }

  @Test
  void weightsAreMadeUnsignedWhereThatIsNeededAndWorks() {
    try (Session session = ENGINE.load(dense(Type.UINT8).write(folder.resolve("model.onnx")))) {
      assertThat(session.eightBitWeights())
          .isEqualTo(Cpu.sumsOverflow() ? EightBitWeights.UNSIGNED : EightBitWeights.EXACT);
      assertThat(scores(session)).containsExactly(new float[] {3, -1}, within(1e-6f));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "UINT8"})
  void outputsOfIntegersAreDequantizedByTheNodeThatMadeThem(Type type) {
    int zero = type == Type.INT8 ? -28 : 100;
    TestGraph graph =
        new TestGraph()
            .input("image", Type.FLOAT, OPEN, 1, 1, 2)
            .floats("scale", SCALAR, 0.25f)
            .bytes("zero", type, SCALAR, zero)
            .node("Flatten", List.of("image"), "flat")
            .node("QuantizeLinear", List.of("flat", "scale", "zero"), "integers")
            .node("Identity", List.of("integers"), "scores")
            .output("scores", type, OPEN, 2);
    try (Session session = ENGINE.load(graph.write(folder.resolve("model.onnx")))) {
      assertThat(session.dequantization()).hasValue(new Dequantization(0.25f, zero));
      assertThat(scores(session)).containsExactly(1, 2);
    }
  }

  @Test
  void outputsOfDoublesAreNarrowed() {
    TestGraph graph =
        new TestGraph()
            .input("image", Type.FLOAT, OPEN, 1, 1, 2)
            .node("Flatten", List.of("image"), "flat")
            .node("Cast", List.of("flat"), "scores", TestGraph.attribute("to", 11))
            .output("scores", Type.DOUBLE, OPEN, 2);
    try (Session session = ENGINE.load(graph.write(folder.resolve("model.onnx")))) {
      assertThat(session.dequantization()).isEmpty();
      assertThat(session.eightBitWeights()).isEqualTo(EightBitWeights.NONE);
      assertThat(scores(session)).containsExactly(1, 2);
    }
  }

  /**
   * Multiplies two numbers by the weights (1, 1) and (1, −1). Those are large in their 8 bits: ONNX
   * Runtime leaves smaller ones alone, whose sums cannot overflow.
   */
  private static TestGraph dense(Type activations) {
    return new TestGraph()
        .input("image", Type.FLOAT, OPEN, 1, 1, 2)
        .floats("one", SCALAR, 1)
        .floats("hundredth", SCALAR, 0.01f)
        .bytes("zero", activations, SCALAR, activations == Type.INT8 ? 0 : 128)
        .bytes("zero weight", Type.INT8, SCALAR, 0)
        .bytes("weights", Type.INT8, new int[] {2, 2}, 100, 100, 100, -100)
        .node("Flatten", List.of("image"), "flat")
        .node("QuantizeLinear", List.of("flat", "one", "zero"), "integers")
        .node("QGemm", "com.microsoft", PRODUCT, "sums")
        .node("DequantizeLinear", List.of("sums", "one", "zero"), "scores")
        .output("scores", Type.FLOAT, OPEN, 2);
  }

  /** Runs a graph on the numbers 1 and 2. */
  private static float[] scores(Session session) {
    try (Runner runner = session.borrow(1, 1, 1, 2)) {
      runner.input().putFloat(1).putFloat(2);
      return runner.run();
    }
  }
}
