package dev.glimpse.model;

import dev.glimpse.engine.ClassifierHead;
import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.OutputChoice;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.recipe.Fact;
import dev.glimpse.threads.DaemonThreads;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens a classifier's {@link FeatureGraph} when it is first asked for, on a thread of its own, and
 * keeps it until the model is closed. It has weights of its own, so it takes as much memory as the
 * model does. Thread-safe.
 */
public final class LazyFeatureGraph implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(LazyFeatureGraph.class);

  private static final String FACT = "explain";

  /** One graph is opened at a time, as each takes a core and memory. */
  private static final Object OPENING = new Object();

  private final OnnxRuntimeEngine engine;
  private final GraphSource source;
  private final Session served;
  private final String name;
  private @Nullable CompletableFuture<FeatureGraph> opening;
  private @Nullable FeatureGraph opened;
  private boolean closed;

  /**
   * Opens nothing yet.
   *
   * @param served the session of the model, owned by the model
   * @param name of the model, for the log
   */
  LazyFeatureGraph(OnnxRuntimeEngine engine, GraphSource source, Session served, String name) {
    this.engine = engine;
    this.source = source;
    this.served = served;
    this.name = name;
  }

  /**
   * Returns the graph when it is open; the first call opens it. A failure is kept until the model
   * is closed, unless it was the files' and passes. Call it while the model is leased.
   *
   * @return for the caller alone, who may complete it; fails with a {@link ServingException} if the
   *     model's files have changed, or the graph cannot be opened so
   */
  public synchronized CompletableFuture<FeatureGraph> open() {
    CompletableFuture<FeatureGraph> known = opening;
    if (known == null || canBeTriedAgain(known)) {
      CompletableFuture<FeatureGraph> started = new CompletableFuture<>();
      DaemonThreads.start("opening-features", () -> open(started));
      opening = started;
      known = started;
    }
    return known.copy();
  }

  /** Returns the graph if it is open. Call it while the model is leased. */
  public synchronized Optional<FeatureGraph> opened() {
    return Optional.ofNullable(opened);
  }

  /** Returns whether it has failed for a reason that passes: another try would cost as much. */
  private static boolean canBeTriedAgain(CompletableFuture<FeatureGraph> opening) {
    return opening.isCompletedExceptionally()
        && opening.handle((graph, failure) -> isNotReady(failure)).join();
  }

  private static boolean isNotReady(Throwable failure) {
    return AsyncFailures.cause(failure) instanceof ServingException known
        && known.failure() == Failure.NOT_READY;
  }

  private void open(CompletableFuture<FeatureGraph> result) {
    try {
      FeatureGraph made;
      synchronized (OPENING) {
        long started = System.nanoTime();
        made = source.with(this::open);
        LOG.infof(
            "%s: opened its graph once more in %d ms, for /explain and vectors",
            name, (System.nanoTime() - started) / 1_000_000);
      }
      keep(made);
      result.complete(made);
    } catch (EngineException e) {
      LOG.warnf("%s: its graph cannot be opened for /explain and vectors: %s", name, e.oneLine());
      result.completeExceptionally(
          new ServingException(
              Failure.INTERNAL, "The model's graph cannot be opened with further outputs.", e));
    } catch (UnservableModelException e) {
      LOG.warnf(
          "%s: its graph cannot be opened for /explain and vectors: %s", name, e.getMessage());
      result.completeExceptionally(
          new ServingException(
              Failure.NOT_READY, "The model's files cannot be read again; reload the model.", e));
    } catch (RuntimeException | Error e) { // such as OutOfMemoryError
      result.completeExceptionally(e);
    }
  }

  private FeatureGraph open(Path graph) {
    ClassifierHead head = ClassifierHead.of(graph, served.output().name());
    OutputChoice scores =
        outputs ->
            outputs.stream()
                .filter(output -> output.name().equals(served.output().name()))
                .findFirst()
                .orElseThrow();
    return new FeatureGraph(
        head,
        head.tensors().isEmpty()
            ? Optional.empty()
            : Optional.of(engine.loadExposing(graph, head, served.eightBitWeights(), scores)));
  }

  private void keep(FeatureGraph made) {
    synchronized (this) {
      opened = made;
      if (!closed) {
        return;
      }
    }
    made.session().ifPresent(Session::close);
    throw new ServingException(Failure.NOT_READY, "The model was closed; try again.");
  }

  /** Returns the name of the tensor before the last layer, if the graph has one. */
  public Optional<String> vector() {
    return head().vector();
  }

  /**
   * Finds how the graph ends, without opening it.
   *
   * @throws EngineException if the graph's file cannot be read
   * @throws ServingException NOT_READY if the model's files have changed since it was loaded
   */
  public ClassifierHead head() {
    FeatureGraph known;
    synchronized (this) {
      known = opened;
    }
    return known != null
        ? known.head()
        : source.with(graph -> ClassifierHead.of(graph, served.output().name()));
  }

  /** Says which method explains the model's scores, for people. */
  Fact fact() {
    try {
      return head().pooling().isPresent()
          ? new Fact(FACT, "cam", "graph: it ends in global average pooling")
          : new Fact(FACT, "rise", "graph: it does not end in global average pooling");
    } catch (RuntimeException e) { // an unusual graph may be served, and so a check must not fail
      LOG.debugf(e, "%s: its graph cannot be read again", name);
      return new Fact(FACT, "rise", "the graph cannot be read again");
    }
  }

  /** Frees the graph's memory; if it is being opened, the thread that does frees it. */
  @Override
  public void close() {
    FeatureGraph known;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      known = opened;
    }
    if (known != null) {
      known.session().ifPresent(Session::close);
    }
  }
}
