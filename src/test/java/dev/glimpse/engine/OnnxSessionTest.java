package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Weights;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxSessionTest {

  private static final OnnxRuntimeEngine ENGINE = new OnnxRuntimeEngine(Configs.defaults());
  private static final Path COLORS = Fixtures.MODELS.resolve("colors/1/model.onnx");
  private static final long[] SHAPE = {1, 3, 32, 32};

  @Test
  void describesItsGraph() {
    try (Session session = ENGINE.load(COLORS)) {
      assertThat(session.input()).hasToString("pixel_values float[?,3,32,32]");
      assertThat(session.output()).hasToString("logits float[?,6]");
      assertThat(session.outputKind()).isEqualTo(OutputKind.OTHER);
    }
  }

  @Test
  void findsASoftmaxBehindNodesThatOnlyPassValuesOn() {
    try (Session last = ENGINE.load(Fixtures.MODELS.resolve("colors-softmax/1/model.onnx"));
        Session through =
            ENGINE.load(Fixtures.MODELS.resolve("colors-softmax-cast/1/model.onnx"))) {
      assertThat(last.outputKind()).isEqualTo(OutputKind.SOFTMAX);
      assertThat(through.outputKind()).isEqualTo(OutputKind.SOFTMAX);
    }
  }

  @Test
  void aRunnerComesBackAndIsLentAgain() {
    try (Session session = ENGINE.load(COLORS)) {
      Runner first = session.borrow(SHAPE);
      float[] dark = run(first, -1);
      first.close();
      Runner again = session.borrow(SHAPE);
      assertThat(again).isSameAs(first);
      float[] bright = run(again, 1);
      assertThat(run(again, -1)).containsExactly(dark);
      assertThat(bright).isNotEqualTo(dark);
      again.close();
    }
  }

  /** Softmax of such values gives NaN, which JSON cannot represent. */
  @Test
  void outputThatIsNotFiniteFailsTheRun(@TempDir Path folder) throws IOException {
    Path graph = Files.copy(COLORS, folder.resolve("model.onnx"));
    Weights.replace(graph, 1, 3e38f);
    try (Session session = ENGINE.load(graph);
        Runner runner = session.borrow(SHAPE)) {
      assertThat(run(runner, 0)).hasSize(6);
      assertThatThrownBy(() -> run(runner, 1)).isInstanceOf(NotFiniteException.class);
    }
  }

  /** ONNX Runtime reads direct memory in native order without a copy. */
  @ParameterizedTest
  @CsvSource({"nhwc, 4", "float16, 2", "uint8, 1"})
  void theInputsMemoryIsOfTheGraphsOwnType(String model, int bytes) {
    try (Session session =
            ENGINE.load(Fixtures.RESOURCES.resolve("models-formats/" + model + "/1/model.onnx"));
        Runner runner = session.borrow(shape(session.input()))) {
      assertThat(runner.input().isDirect()).isTrue();
      assertThat(runner.input().order()).isEqualTo(ByteOrder.nativeOrder());
      assertThat(runner.input().remaining()).isEqualTo(3 * 32 * 32 * bytes);
      assertThat(runner.run()).hasSize(6);
    }
  }

  private static long[] shape(TensorSpec input) {
    return input.shape().stream().mapToLong(dimension -> Math.max(dimension, 1)).toArray();
  }

  @Test
  void theMemoryOfItsInputsIsCountedUntilItIsFreed() {
    long before = ENGINE.inputBytes();
    Session session = ENGINE.load(COLORS);
    Runner first = session.borrow(SHAPE);
    Runner second = session.borrow(SHAPE);
    assertThat(ENGINE.inputBytes() - before).isEqualTo(2 * 3 * 32 * 32 * 4);
    first.close();
    second.close();
    Runner other = session.borrow(2, 3, 32, 32);
    assertThat(ENGINE.inputBytes() - before).isEqualTo(3 * 3 * 32 * 32 * 4);
    other.close();
    session.close();

    assertThat(ENGINE.inputBytes()).isEqualTo(before);
  }

  @Test
  void withoutTheArenaTheScoresAreTheSame() {
    OnnxRuntimeEngine without =
        new OnnxRuntimeEngine(Configs.of(Map.of("glimpse.engine.arena", "false")));
    try (Session kept = ENGINE.load(COLORS);
        Session freed = without.load(COLORS);
        Runner runner = kept.borrow(SHAPE);
        Runner other = freed.borrow(SHAPE)) {
      assertThat(run(other, 0.5f)).containsExactly(run(runner, 0.5f));
      assertThat(run(other, 0.5f)).containsExactly(run(runner, 0.5f));
    }
  }

  @Test
  void manyThreadsGetTheirOwnScores() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (Session session = ENGINE.load(COLORS)) {
      float[][] alone = new float[16][];
      for (int i = 0; i < alone.length; i++) {
        try (Runner runner = session.borrow(SHAPE)) {
          alone[i] = run(runner, i / 16f);
        }
      }
      List<Callable<Boolean>> tasks =
          IntStream.range(0, 400)
              .<Callable<Boolean>>mapToObj(i ->
                  () -> {
                    try (Runner runner = session.borrow(SHAPE)) {
                      return Arrays.equals(run(runner, i % 16 / 16f), alone[i % 16]);
                    }
                  })
              .toList();
      for (Future<Boolean> task : threads.invokeAll(tasks)) {
        assertThat(task.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void canBeClosedTwiceAndLendsNothingAfterwards() {
    Session session = ENGINE.load(COLORS);
    session.borrow(SHAPE).close();
    session.close();
    session.close();

    assertThatThrownBy(() -> session.borrow(SHAPE)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesAFileThatIsNotAGraph() {
    assertThatThrownBy(
            () -> ENGINE.load(Fixtures.BROKEN_MODELS.resolve("corrupt-graph/bad/1/model.onnx")))
        .isInstanceOf(EngineException.class);
  }

  @Test
  void refusesAShapeThatTheGraphDoesNotAccept() {
    try (Session session = ENGINE.load(COLORS);
        Runner runner = session.borrow(1, 3, 16, 16)) {
      assertThatThrownBy(runner::run).isInstanceOf(EngineException.class);
    }
  }

  private static float[] run(Runner runner, float value) {
    var input = runner.input().asFloatBuffer();
    while (input.hasRemaining()) {
      input.put(value);
    }
    return runner.run();
  }
}
