package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glimpse.support.Configs;
import dev.glimpse.support.MatrixModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedLaterTest {

  private final Fake first = new Fake();
  private final Fake packed = new Fake();

  @TempDir Path folder;

  @Test
  void whatHasBegunEndsInTheSessionInWhichItBegan() {
    PackedLater session = new PackedLater(first, () -> packed);
    assertThat(session.packsLater()).isTrue();
    Runner one = session.borrow(1);
    Runner other = session.borrow(1);

    session.pack();
    assertThat(session.packsLater()).isFalse();
    one.close();
    assertThat(first.closed).isFalse();
    assertThat(first.borrowed).isEqualTo(1);
    session.borrow(1).close();
    assertThat(first.borrowed + packed.borrowed).isEqualTo(1);
    other.close();
    assertThat(first.closed).isTrue();

    session.close();
    assertThat(packed.closed).isTrue();
  }

  @Test
  void anUnusedSessionIsReplacedAtOnceAndOnlyOnce() {
    PackedLater session = new PackedLater(first, () -> packed);
    session.run(List.of(), Set.of());
    session.pack();
    session.pack();
    assertThat(first.closed).isTrue();
    assertThat(packed.closed).isFalse();
  }

  @Test
  void aSessionThatCannotBePackedStays() {
    PackedLater session =
        new PackedLater(
            first,
            () -> {
              throw new EngineException("no memory");
            });
    session.pack();
    session.borrow(1).close();
    assertThat(first.closed).isFalse();
    session.close();
    assertThat(first.closed).isTrue();
  }

  @Test
  void aClosedSessionIsNotPacked() throws InterruptedException {
    PackedLater closed = new PackedLater(first, () -> packed);
    closed.close();
    closed.pack();
    assertThat(packed.opened).isFalse();

    Fake open = new Fake();
    PackedLater[] session = new PackedLater[1];
    Thread[] closing = new Thread[1];
    session[0] =
        new PackedLater(
            open,
            () -> {
              closing[0] = new Thread(session[0]::close);
              closing[0].start();
              while (session[0].packsLater()) {
                Thread.onSpinWait();
              }
              return packed;
            });
    session[0].pack();
    closing[0].join();
    assertThat(open.closed).isTrue();
    assertThat(packed.closed).isTrue();
  }

  @Test
  void aPreparedGraphGivesTheSameScoresBeforeAndAfter() throws IOException {
    OnnxRuntimeEngine engine = new OnnxRuntimeEngine(Configs.defaults(), 0);
    Assumptions.assumeTrue(engine.platform().isPresent(), "graphs are prepared for x86-64 only");
    MatrixModel.write(folder, 96, 2);
    Path prepared = folder.resolve("model.prepared.ort");
    try (Session exported = engine.load(folder.resolve("model.onnx"))) {
      GraphFacts facts = GraphFacts.of(exported);
      engine.prepare(
          folder.resolve("model.onnx"), prepared, Optional.empty(), facts.eightBitWeights());
      float[] scores = scores(exported);
      try (Session session =
          engine.loadPrepared(prepared, false, facts, OutputChoice.LOGITS_OR_FIRST)) {
        assertThat(session.packsLater()).isTrue();
        assertThat(scores(session)).containsExactly(scores, offset(1e-5f));
        session.pack();
        assertThat(scores(session)).containsExactly(scores);
      }
    }
  }

  private static float[] scores(Session session) {
    try (Runner runner = session.borrow(1, 3, 32, 32)) {
      var input = runner.input().asFloatBuffer();
      for (int i = 0; i < input.capacity(); i++) {
        input.put(i, (i % 17) / 17f);
      }
      return runner.run();
    }
  }

  /** Counts runners that are out. */
  private static final class Fake implements Session {
    private int borrowed;
    private boolean closed;
    private boolean opened;

    @Override
    public List<TensorSpec> inputs() {
      return List.of(input());
    }

    @Override
    public List<TensorSpec> outputs() {
      return List.of(output());
    }

    @Override
    public TensorSpec input() {
      return new TensorSpec("in", "float", List.of(1L));
    }

    @Override
    public TensorSpec output() {
      return new TensorSpec("out", "float", List.of(1L));
    }

    @Override
    public OutputKind outputKind() {
      return OutputKind.OTHER;
    }

    @Override
    public Runner borrow(long... shape) {
      opened = true;
      borrowed++;
      return new Runner() {
        @Override
        public ByteBuffer input() {
          return ByteBuffer.allocateDirect(4);
        }

        @Override
        public float[] run(int images) {
          return new float[images];
        }

        @Override
        public void close() {
          assertThat(closed).isFalse();
          borrowed--;
        }
      };
    }

    @Override
    public List<Tensor> run(List<Tensor> given, Set<String> outputNames) {
      return List.of();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
