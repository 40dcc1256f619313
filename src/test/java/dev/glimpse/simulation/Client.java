package dev.glimpse.simulation;

import dev.glimpse.BatchClassifier;
import dev.glimpse.SimulatedService;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.BodyProgress;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.simulation.Order.Download;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sends one request, as its order says, and has its response judged. */
final class Client {

  private static final long NEVER = Long.MAX_VALUE;

  private final Order order;
  private final Scheduler scheduler;
  private final EventLoop loop;
  private final SimulatedService service;
  private final Judge judge;
  private final long bodyTimeout;

  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final List<CompletableFuture<byte[]>> downloads = new ArrayList<>();
  private Runnable onDisconnect = () -> {};
  private Runnable cancelBody = () -> {};
  private long arrived = NEVER;
  private long submitted = NEVER;
  private long queued = NEVER;
  private Map<String, Integer> inService = Map.of();
  private boolean refused;
  private boolean parsed;
  private boolean gone;
  private boolean ended;

  Client(
      Order order,
      Scheduler scheduler,
      EventLoop loop,
      SimulatedService service,
      Judge judge,
      Duration bodyTimeout) {
    this.order = order;
    this.scheduler = scheduler;
    this.loop = loop;
    this.service = service;
    this.judge = judge;
    this.bodyTimeout = bodyTimeout.toNanos();
  }

  Order order() {
    return order;
  }

  /** Returns whether the service has not read the body, as it was overloaded. */
  boolean refused() {
    return refused;
  }

  boolean parsed() {
    return parsed;
  }

  boolean gone() {
    return gone;
  }

  boolean ended() {
    return ended;
  }

  /** Returns when the request must have ended. */
  long deadline() {
    return arrived == NEVER ? NEVER : arrived + order.timeout();
  }

  /** Returns when the body had arrived whole. */
  long submitted() {
    return submitted;
  }

  /** Returns when the request was in the queue, at the latest. */
  long queued() {
    return queued;
  }

  /** Returns the number of the load of each version that was in service on arrival. */
  Map<String, Integer> inService() {
    return inService;
  }

  /** Returns whether it has a download that nothing will end. */
  boolean leaksADownload() {
    return ended && downloads.stream().anyMatch(download -> !download.isDone());
  }

  /** Sends the request. */
  void arrive() {
    scheduler.log("arrives: " + order);
    inService = Map.copyOf(judge.inService());
    try {
      if (order.many()) {
        var unused =
            service
                .many()
                .classify(new Incoming<>(this::content))
                .whenComplete(
                    (outcomes, failure) -> end(() -> judge.many(this, outcomes, failure)));
      } else {
        var unused =
            service
                .one()
                .classify(new Incoming<>(file -> request()))
                .whenComplete((result, failure) -> end(() -> judge.one(this, result, failure)));
      }
    } catch (ServingException e) {
      refused = true;
      end(() -> judge.one(this, null, e));
      return;
    }
    if (order.goneAfter() >= 0) {
      loop.after(order.goneAfter(), this::disconnect);
    }
  }

  private void disconnect() {
    if (ended) {
      return;
    }
    scheduler.log("gone: #" + order.number());
    gone = true;
    if (order.number() % 2 == 0) { // the two come in either order
      breakOff();
    }
    onDisconnect.run();
    breakOff();
    judge.require(ended, () -> "Client #" + order.number() + " is gone, its request has not ended");
  }

  private void breakOff() {
    body.completeExceptionally(new ServingException(Failure.CLIENT_GONE, "The body breaks off."));
  }

  private void end(Runnable judgement) {
    judge.require(!ended, () -> "Request #" + order.number() + " has ended twice");
    ended = true;
    judgement.run();
    loop.after(0, onDisconnect); // the exchange ends
  }

  private ClassificationRequest request() {
    return order.download() == Download.NONE
        ? request(Images.file(order.images().get(0)))
        : request(new byte[0]).withRemoteImage(memory -> download());
  }

  private ClassificationRequest request(byte[] file) {
    return new ClassificationRequest(
        file,
        Optional.of(order.model()),
        order.version(),
        Optional.of(order.topK()),
        Optional.empty(),
        List.of());
  }

  private BatchClassifier.Content content(byte[] body) {
    List<Supplier<ClassificationRequest>> images = new ArrayList<>();
    order.images().forEach(number -> images.add(() -> request(Images.file(number))));
    return new BatchClassifier.Content(request(new byte[0]), images);
  }

  private CompletableFuture<byte[]> download() {
    if (order.download() == Download.CANNOT_START) {
      throw new OutOfMemoryError("simulated, when a download starts");
    }
    CompletableFuture<byte[]> image = new CompletableFuture<>();
    downloads.add(image);
    long takes = order.download() == Download.NEVER_ENDS ? 10_000_000_000L : order.bodyTakes();
    Runnable cancel = loop.after(takes, () -> end(image));
    var unused = image.whenComplete((done, failure) -> cancel.run());
    return image;
  }

  private void end(CompletableFuture<byte[]> image) {
    if (order.download() == Download.GOOD) {
      image.complete(Images.file(order.images().get(0)));
    } else {
      image.completeExceptionally(
          new ServingException(Failure.UNFETCHED_PICTURE, "simulated, in a download"));
    }
  }

  private void endBody() {
    if (order.body() == Order.BodyEnd.BROKEN_OFF) {
      gone = true;
      breakOff();
    } else if (!body.isDone()) {
      submitted = scheduler.now();
      body.complete(new byte[0]);
      queued = scheduler.now();
    }
  }

  private void failBody() {
    body.completeExceptionally(
        order.timeout() < bodyTimeout
            ? new ServingException(Failure.DEADLINE_PASSED, "The body was too slow.")
            : new ServingException(Failure.REQUEST_TIMEOUT, "The body was too slow."));
  }

  /** Arrives with this client's faults. */
  private final class Incoming<Q> implements IncomingRequest<Q> {

    private final Function<byte[], Q> parser;

    Incoming(Function<byte[], Q> parser) {
      this.parser = parser;
    }

    @Override
    public String id() {
      return "request-" + order.number();
    }

    @Override
    public Duration timeout() {
      return Duration.ofNanos(order.timeout());
    }

    @Override
    public CompletionStage<Body> body(BodyProgress progress) {
      arrived = scheduler.now(); // the same as the permit's, though time may jump on arrival
      long timeout = Math.min(order.timeout(), bodyTimeout);
      Runnable late = loop.after(timeout, Client.this::failBody);
      if (order.body() != Order.BodyEnd.NEVER) {
        cancelBody = loop.after(order.bodyTakes(), Client.this::endBody);
      }
      return body.whenComplete(
              (whole, failure) -> {
                late.run();
                cancelBody.run();
              })
          .thenApply(bytes -> new Body(bytes, bytes.length, () -> {}));
    }

    @Override
    public Q parse(byte[] file) {
      judge.require(!parsed, () -> "Request #" + order.number() + " is parsed twice");
      parsed = true;
      scheduler.log("parses #" + order.number());
      scheduler.sleep(250_000L * (order.number() % 4));
      switch (order.parsing()) {
        case MALFORMED -> throw new ServingException(Failure.MALFORMED_REQUEST, "simulated");
        case BUG -> throw new IllegalStateException("simulated, while parsing");
        case OUT_OF_MEMORY -> throw new OutOfMemoryError("simulated, while parsing");
        default -> {
          // well
        }
      }
      return parser.apply(file);
    }

    @Override
    public void onDisconnect(Runnable callback) {
      onDisconnect = callback;
    }
  }

  @Override
  public String toString() {
    return order.toString();
  }
}
