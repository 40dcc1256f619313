package dev.glimpse.simulation;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.OutputKind;
import dev.glimpse.engine.Runner;
import dev.glimpse.engine.Session;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stands for a graph: its scores are the image's number plus {@link #BASE}, the number of the load,
 * and 0. Fails the run of the simulation when it is used after it was closed, or closed while it is
 * used.
 */
final class SimulatedSession implements Session {

  /** Makes the image's number the largest score. */
  static final int BASE = 10_000;

  static final int SCORES = 3;

  static final int SAMPLES = 3;

  static final String INPUT = "pixels";
  static final String OUTPUT = "scores";

  private final World world;
  private final String name;
  private final int load;
  private final Map<Integer, Deque<SimulatedRunner>> kept = new HashMap<>();
  private int lent;
  private int running;
  private boolean closed;

  /**
   * Opens a graph.
   *
   * @param name names it in reports
   * @param load counts the loads of all models
   */
  SimulatedSession(World world, String name, int load) {
    this.world = world;
    this.name = name;
    this.load = load;
  }

  int load() {
    return load;
  }

  int lent() {
    return lent;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public String toString() {
    return name + " of load " + load;
  }

  @Override
  public Runner borrow(long... shape) {
    world.require(!closed, () -> this + " lends a runner after it was closed");
    if (world.allocationFails()) {
      world.images().hurt(world.codec().decoded());
      throw new OutOfMemoryError("simulated, for an input tensor");
    }
    int size = (int) shape[0];
    SimulatedRunner runner = kept.computeIfAbsent(size, any -> new ArrayDeque<>()).pollLast();
    lent++;
    return runner == null ? new SimulatedRunner(size) : runner.lend();
  }

  private final class SimulatedRunner implements Runner {

    private final int size;
    private final ByteBuffer input;
    private boolean open = true;

    SimulatedRunner(int size) {
      this.size = size;
      this.input = ByteBuffer.allocate(size * SAMPLES * Float.BYTES).order(ByteOrder.nativeOrder());
    }

    SimulatedRunner lend() {
      open = true;
      return this;
    }

    @Override
    public ByteBuffer input() {
      world.require(open, () -> session() + " has its runner used after it was returned");
      return input.clear();
    }

    @Override
    public float[] run(int images) {
      world.require(open && !closed, () -> session() + " runs after it was closed");
      int[] numbers = numbers(images);
      world.log(() -> session() + " runs images " + Arrays.toString(numbers));
      world.sleep(8);
      for (int i = 0; i < images; i++) {
        int slot = i;
        world.require(
            number(slot) == numbers[slot], () -> session() + " has its input changed in a run");
      }
      world.require(open && !closed, () -> session() + " was closed during a run");
      throwIfOneFails(numbers);
      float[] scores = new float[images * SCORES];
      for (int i = 0; i < images; i++) {
        System.arraycopy(scores(numbers[i]), 0, scores, i * SCORES, SCORES);
      }
      return scores;
    }

    private int[] numbers(int images) {
      int[] numbers = new int[images];
      for (int i = 0; i < images; i++) {
        numbers[i] = number(i);
      }
      return numbers;
    }

    private int number(int slot) {
      int at = slot * SAMPLES * Float.BYTES;
      return (int) input.getFloat(at) + ((int) input.getFloat(at + Float.BYTES) << 8);
    }

    @Override
    public void close() {
      world.require(open, () -> session() + " has a runner returned twice");
      open = false;
      lent--;
      kept.computeIfAbsent(size, any -> new ArrayDeque<>()).add(this);
    }

    private SimulatedSession session() {
      return SimulatedSession.this;
    }
  }

  private float[] scores(int number) {
    return new float[] {BASE + number, load, 0};
  }

  private void throwIfOneFails(int[] numbers) {
    throwIf(numbers, Fate.GRAPH_RUNS_OUT_OF_MEMORY);
    throwIf(numbers, Fate.GRAPH_FAILS);
  }

  private void throwIf(int[] numbers, Fate fate) {
    for (int number : numbers) {
      if (world.images().fate(number) == fate) {
        if (fate == Fate.GRAPH_FAILS) {
          throw new EngineException("simulated");
        }
        for (int other : numbers) {
          world.images().hurt(other);
        }
        throw new OutOfMemoryError("simulated, in a run");
      }
    }
  }

  @Override
  public void close() {
    world.require(lent == 0, () -> this + " is closed while " + lent + " runners are lent");
    world.require(running == 0, () -> this + " is closed while it runs tensors");
    closed = true;
  }

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
    return new TensorSpec(INPUT, "float", List.of(-1L, (long) SAMPLES, 1L, 1L));
  }

  @Override
  public TensorSpec output() {
    return new TensorSpec(OUTPUT, "float", List.of(-1L, (long) SCORES));
  }

  @Override
  public OutputKind outputKind() {
    return OutputKind.OTHER;
  }

  @Override
  public List<Tensor> run(List<Tensor> given, Set<String> outputNames) {
    world.require(!closed, () -> this + " runs tensors after it was closed");
    ByteBuffer pixels = given.get(0).elements();
    int[] numbers = new int[pixels.remaining() / (SAMPLES * Float.BYTES)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (int) pixels.getFloat() + ((int) pixels.getFloat() << 8);
      pixels.getFloat();
    }
    world.log(() -> this + " runs a tensor of images " + Arrays.toString(numbers));
    running++;
    world.sleep(8);
    running--;
    throwIfOneFails(numbers);
    List<float[]> rows = Arrays.stream(numbers).mapToObj(this::scores).toList();
    return List.of(Tensor.ofRows(OUTPUT, rows));
  }
}
