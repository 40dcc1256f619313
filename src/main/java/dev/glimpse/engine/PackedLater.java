package dev.glimpse.engine;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs a session without packed weights until {@link #pack} has opened another one with them, which
 * replaces it: what has begun ends in the session in which it began. Thread-safe.
 */
final class PackedLater implements Session {

  private static final Logger LOG = Logger.getLogger(PackedLater.class);

  private final Object packing = new Object();
  private final Supplier<? extends Session> packed;
  private Counted current;
  private boolean packs = true;
  private boolean closed;

  /**
   * Creates a session that is not packed.
   *
   * @param first owned by this session
   * @param packed opens the same graph with packed weights
   */
  PackedLater(Session first, Supplier<? extends Session> packed) {
    this.current = new Counted(first);
    this.packed = packed;
  }

  /** Counts who uses a session, which must not be closed before. */
  private static final class Counted {
    private final Session session;
    private int users;
    private boolean replaced;

    private Counted(Session session) {
      this.session = session;
    }
  }

  @Override
  public synchronized boolean packsLater() {
    return packs && !closed;
  }

  @Override
  public void pack() {
    synchronized (packing) {
      if (!packsLater()) {
        return;
      }
      long started = System.nanoTime();
      try {
        replace(packed.get());
        LOG.debugf("Weights were packed in %d ms", (System.nanoTime() - started) / 1_000_000);
      } catch (EngineException e) {
        LOG.warnf("The weights of a graph cannot be packed, and runs take longer: %s", e.oneLine());
      }
    }
  }

  private void replace(Session made) {
    Session unused = exchange(made);
    if (unused != null) {
      unused.close();
    }
  }

  /** Returns the session that is to be closed now, if one is. */
  private synchronized @Nullable Session exchange(Session made) {
    packs = false;
    if (closed) {
      return made;
    }
    Counted old = current;
    current = new Counted(made);
    old.replaced = true;
    return old.users == 0 ? old.session : null;
  }

  private synchronized Counted begin() {
    current.users++;
    return current;
  }

  private void end(Counted used) {
    if (endsLast(used)) {
      used.session.close();
    }
  }

  private synchronized boolean endsLast(Counted used) {
    return --used.users == 0 && used.replaced;
  }

  private synchronized Session now() {
    return current.session;
  }

  @Override
  public Runner borrow(long... shape) {
    Counted used = begin();
    try {
      return new Borrowed(used.session.borrow(shape), used);
    } catch (RuntimeException | Error e) {
      end(used);
      throw e;
    }
  }

  @Override
  public List<Tensor> run(List<Tensor> given, Set<String> outputNames) {
    Counted used = begin();
    try {
      return used.session.run(given, outputNames);
    } finally {
      end(used);
    }
  }

  /** Keeps a runner's session open. */
  private final class Borrowed implements Runner {
    private final Runner runner;
    private final Counted used;

    private Borrowed(Runner runner, Counted used) {
      this.runner = runner;
      this.used = used;
    }

    @Override
    public ByteBuffer input() {
      return runner.input();
    }

    @Override
    public float[] run(int images) {
      return runner.run(images);
    }

    @Override
    public float[] vectors() {
      return runner.vectors();
    }

    @Override
    public void close() {
      runner.close();
      end(used);
    }
  }

  /** Waits for {@link #pack}: the process must not end while ONNX Runtime opens a graph. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    synchronized (packing) {
      now().close();
    }
  }

  @Override
  public List<TensorSpec> inputs() {
    return now().inputs();
  }

  @Override
  public List<TensorSpec> outputs() {
    return now().outputs();
  }

  @Override
  public List<String> omittedOutputs() {
    return now().omittedOutputs();
  }

  @Override
  public TensorSpec input() {
    return now().input();
  }

  @Override
  public TensorSpec output() {
    return now().output();
  }

  @Override
  public boolean outputIsTensor() {
    return now().outputIsTensor();
  }

  @Override
  public OutputKind outputKind() {
    return now().outputKind();
  }

  @Override
  public Optional<Dequantization> dequantization() {
    return now().dequantization();
  }

  @Override
  public Map<String, String> metadata() {
    return now().metadata();
  }

  @Override
  public EightBitWeights eightBitWeights() {
    return now().eightBitWeights();
  }
}
