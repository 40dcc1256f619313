package dev.glimpse.simulation;

import dev.glimpse.BatchClassifier.Outcome;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.Tensor;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.simulation.Order.Download;
import dev.glimpse.simulation.Order.Kind;
import dev.glimpse.simulation.Order.Parsing;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Judges each response: is it the request's own, and does each failure have its reason? */
final class Judge {

  private final Scheduler scheduler;
  private final World world;
  private final SimulatedLoader loader;
  private final long queueTimeout;
  private final long bodyTimeout;

  /** What must have been counted, by outcome. */
  private final Map<String, Integer> outcomes = new TreeMap<>();

  /** The load of each version that was last known to be in service. */
  private final Map<String, Integer> inService = new HashMap<>();

  private boolean stopping;
  private boolean unloaded;
  private volatile long lastFull = Long.MIN_VALUE;

  Judge(Scheduler scheduler, World world, SimulatedLoader loader, GlimpseConfig config) {
    this.scheduler = scheduler;
    this.world = world;
    this.loader = loader;
    this.queueTimeout = config.queue().timeout().toNanos();
    this.bodyTimeout = config.queue().bodyTimeout().toNanos();
  }

  Map<String, Integer> outcomes() {
    return outcomes;
  }

  Map<String, Integer> inService() {
    return inService;
  }

  /** Records that the service begins to stop. */
  void stopping() {
    stopping = true;
  }

  boolean isStopping() {
    return stopping;
  }

  /** Records that a version may be out of service from now on. */
  void unloading() {
    unloaded = true;
  }

  /** Records that a version was loaded: no older load may answer a request that comes later. */
  void loaded(String name, int version) {
    inService.put(name + "/" + version, loader.newest(name, version));
  }

  void require(boolean holds, Supplier<String> otherwise) {
    world.require(holds, otherwise);
  }

  void one(Client client, @Nullable ClassificationResult result, @Nullable Throwable failure) {
    if (failure == null) {
      answer(client, client.order().images().get(0), result);
    } else {
      failure(client, client.order().images(), failure);
    }
  }

  void many(Client client, @Nullable List<Outcome> all, @Nullable Throwable failure) {
    if (failure != null) {
      failure(client, List.of(), failure);
      return;
    }
    List<Integer> images = client.order().images();
    require(all.size() == images.size(), () -> client + " gets " + all.size() + " outcomes");
    for (int i = 0; i < images.size(); i++) {
      if (all.get(i).failure() == null) {
        answer(client, images.get(i), all.get(i).result());
      } else {
        failure(client, List.of(images.get(i)), all.get(i).failure());
      }
    }
  }

  private void answer(Client client, int image, ClassificationResult result) {
    Order order = client.order();
    outcomes.merge(ServingMetrics.OK, 1, Integer::sum);
    List<Classification> classes = result.classifications();
    scheduler.log(() -> "answers #" + order.number() + (result.cached() ? " from the cache" : ""));
    require(
        world.images().fate(image) == Fate.GOOD
            && order.parsing() == Parsing.GOOD
            && (order.download() == Download.NONE || order.download() == Download.GOOD),
        () -> client + " is answered although it should fail");
    require(
        classes.size() == order.topK()
            && classes.get(0).label().equals("image")
            && classes.get(0).score() == SimulatedSession.BASE + image,
        () -> client + " gets another's answer for image " + image + ": " + classes);
    require(
        result.model().equals(order.model())
            && order.version().map(asked -> asked == result.version()).orElse(true),
        () -> client + " is answered by another model: " + result);
    if (order.topK() > 1) {
      load(client, Optional.of(result.version()), (int) classes.get(1).score());
    }
  }

  /** Judges the answer to a request that asks for the scores of its images. */
  void tensor(Client client, @Nullable Tensor scores, @Nullable Throwable failure) {
    if (failure != null) {
      failure(client, client.order().images(), failure);
      return;
    }
    Order order = client.order();
    outcomes.merge(ServingMetrics.OK, 1, Integer::sum);
    scheduler.log(() -> "answers #" + order.number() + " with " + scores.spec());
    List<Integer> images = order.images();
    require(
        scores.spec().shape().equals(List.of((long) images.size(), (long) SimulatedSession.SCORES)),
        () -> client + " gets " + scores.spec());
    ByteBuffer values = scores.elements();
    int first = (int) values.getFloat(Float.BYTES);
    for (int image : images) {
      require(
          order.parsing() == Parsing.GOOD && mayHaveScores(order.kind(), image),
          () -> client + " is answered although it should fail");
      float number = values.getFloat();
      int load = (int) values.getFloat();
      values.getFloat();
      require(
          number == SimulatedSession.BASE + image && load == first,
          () -> client + " gets another's scores for image " + image + ": " + number);
    }
    load(client, order.version(), first);
  }

  private boolean mayHaveScores(Kind kind, int image) {
    return switch (world.images().fate(image)) {
      case GOOD -> true;
      case GRAPH_FAILS, GRAPH_RUNS_OUT_OF_MEMORY -> false;
      default -> kind == Kind.TENSOR; // which is not decoded
    };
  }

  private void load(Client client, Optional<Integer> expected, int number) {
    SimulatedLoader.Load load = loader.loads().get(number);
    require(
        load.name().equals(client.order().model())
            && load.version() == expected.orElse(load.version())
            && load.valid(),
        () -> client + " is answered by " + load + " and not by version " + expected);
    String version = load.name() + "/" + load.version();
    require(
        number >= client.inService().getOrDefault(version, 0),
        () -> client + " is answered by " + load + ", which was replaced before it came");
  }

  private void failure(Client client, List<Integer> images, Throwable failure) {
    Throwable cause = AsyncFailures.cause(failure);
    String code = cause instanceof ServingException known ? known.failure().code() : "internal";
    outcomes.merge(code, 1, Integer::sum);
    scheduler.log(() -> "fails #" + client.order().number() + ": " + cause);
    if (!hasReason(client, images, code)) {
      throw scheduler.fail(new Violation(client + " fails without a reason: " + cause, cause));
    }
  }

  /** Notes that all slots are taken now. */
  void noteFull() {
    lastFull = scheduler.now();
  }

  private boolean hasReason(Client client, List<Integer> images, String code) {
    Order order = client.order();
    return switch (code) {
      case "overloaded" ->
          client.refused()
              || client.body().mayBeRefused()
              || lastFull >= client.body().submitted() // without a slot while its body arrived
              || mayWaitAsLong(client, images);
      case "not-ready" -> stopping;
      case "queue-timeout" ->
          scheduler.now() - client.body().submitted() >= queueTimeout
              && (order.kind() == Kind.BATCH
                  || mayWaitAsLong(client, images)
                  || client.started() - client.body().submitted() >= queueTimeout);
      case "deadline-passed" -> scheduler.now() >= client.deadline();
      case "request-timeout" -> scheduler.now() - client.arrived() >= bodyTimeout;
      case "client-gone" -> client.gone();
      case "unknown-model" -> unloaded || missing(order);
      case "malformed-request" -> order.parsing() == Parsing.MALFORMED;
      case "unfit-tensor" ->
          order.kind() == Kind.TENSOR && images.stream().anyMatch(i -> is(i, Fate.GRAPH_FAILS));
      case "unfetched-picture" ->
          order.download() == Download.FAILS || order.download() == Download.NEVER_ENDS;
      case "unreadable-image" -> images.stream().anyMatch(i -> is(i, Fate.CORRUPT));
      case "too-large" ->
          client.body().tooLarge()
              || images.stream().anyMatch(i -> is(i, Fate.DECODER_RUNS_OUT_OF_MEMORY));
      case "internal" ->
          order.parsing() == Parsing.BUG
              || order.parsing() == Parsing.OUT_OF_MEMORY
              || order.download() == Download.CANNOT_START
              || world.allocationFailed()
              || images.stream().anyMatch(world.images()::mayFail);
      default -> false;
    };
  }

  private static boolean mayWaitAsLong(Client client, List<Integer> images) {
    return client.onWorker() && images.stream().anyMatch(Images::isLong);
  }

  private static boolean missing(Order order) {
    return order.model().equals("unknown")
        || (order.model().equals("b")
            && order.version().map(version -> version != 1).orElse(false));
  }

  private boolean is(int image, Fate fate) {
    return world.images().fate(image) == fate;
  }
}
