package dev.glimpse.simulation;

import dev.glimpse.BatchClassifier;
import dev.glimpse.SimulatedService;
import dev.glimpse.bytes.ArrivingBytes;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.QueueConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.Reservation;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.BodyProgress;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.simulation.Order.Download;
import java.nio.ByteBuffer;
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
  private final SimulatedBody body;

  private final List<CompletableFuture<Bytes>> downloads = new ArrayList<>();
  private Runnable onDisconnect = () -> {};
  private long arrived = NEVER;
  private Map<String, Integer> inService = Map.of();
  private boolean refused;
  private long started = NEVER;
  private boolean gone;
  private boolean ended;

  Client(
      Order order,
      Scheduler scheduler,
      EventLoop loop,
      SimulatedService service,
      Judge judge,
      QueueConfig settings) {
    this.order = order;
    this.scheduler = scheduler;
    this.loop = loop;
    this.service = service;
    this.judge = judge;
    this.body = new SimulatedBody(order, scheduler, loop, judge, settings, service.memory());
  }

  Order order() {
    return order;
  }

  SimulatedBody body() {
    return body;
  }

  /** Returns whether the service has not read the body, as it was overloaded. */
  boolean refused() {
    return refused;
  }

  /** Returns whether the request has left the queue for a worker. */
  boolean onWorker() {
    return started != NEVER;
  }

  /** Returns when the request has left the queue for a worker. */
  long started() {
    return started;
  }

  boolean gone() {
    return gone || body.brokenOff();
  }

  boolean ended() {
    return ended;
  }

  /** Returns when it was admitted. */
  long arrived() {
    return arrived;
  }

  /** Returns when the request must have ended. */
  long deadline() {
    return arrived == NEVER ? NEVER : arrived + order.timeout();
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
    scheduler.log(() -> "arrives: " + order);
    inService = Map.copyOf(judge.inService());
    try {
      send();
    } catch (ServingException e) {
      refused = true;
      end(() -> judge.one(this, null, e));
      return;
    }
    if (order.goneAfter() >= 0) {
      loop.after(order.goneAfter(), this::disconnect);
    }
  }

  private void send() {
    var unused =
        switch (order.kind()) {
          case IMAGE ->
              service
                  .one()
                  .classify(new Incoming<>(this::image))
                  .whenComplete((result, failure) -> end(() -> judge.one(this, result, failure)));
          case BATCH ->
              service
                  .many()
                  .classify(new Incoming<>(this::batch))
                  .whenComplete((all, failure) -> end(() -> judge.many(this, all, failure)));
          case TENSOR, TENSOR_OF_IMAGES ->
              service
                  .tensors()
                  .infer(
                      new Incoming<>(body -> {
                        body.takeArray();
                        return new SimulatedCall(order, judge, this::parse);
                      }))
                  .whenComplete(
                      (scores, failure) -> end(() -> judge.tensor(this, scores, failure)));
        };
  }

  private void disconnect() {
    if (ended) {
      return;
    }
    scheduler.log(() -> "gone: #" + order.number());
    gone = true;
    if (order.number() % 2 == 0) { // the two come in either order
      body.breakOff();
    }
    onDisconnect.run();
    body.breakOff();
  }

  private void end(Runnable judgement) {
    judge.require(!ended, () -> "Request #" + order.number() + " has ended twice");
    ended = true;
    judgement.run();
    loop.after(0, onDisconnect); // the exchange ends
  }

  private ClassificationRequest image(Bytes file) {
    parse();
    return order.download() == Download.NONE
        ? request(file)
        : request(Bytes.NONE).withRemoteImage(this::download);
  }

  private BatchClassifier.Content batch(Bytes files) {
    parse();
    List<Supplier<ClassificationRequest>> images = new ArrayList<>();
    for (int i = 0; i < order.images().size(); i++) {
      Bytes file = files.slice(i * Images.BYTES, Images.BYTES);
      images.add(() -> request(file));
    }
    return new BatchClassifier.Content(request(Bytes.NONE), images);
  }

  private ClassificationRequest request(Bytes file) {
    return new ClassificationRequest(
        file,
        Optional.of(order.model()),
        order.version(),
        ClassificationOptions.ofTopK(order.topK()));
  }

  private void parse() {
    scheduler.log(() -> "parses #" + order.number());
    scheduler.sleep(250_000L * (order.number() % 4));
    switch (order.parsing()) {
      case MALFORMED -> throw new ServingException(Failure.MALFORMED_REQUEST, "simulated");
      case BUG -> throw new IllegalStateException("simulated, while parsing");
      case OUT_OF_MEMORY -> throw new OutOfMemoryError("simulated, while parsing");
      default -> {
        // well
      }
    }
  }

  private CompletableFuture<Bytes> download(Reservation memory) {
    if (order.download() == Download.CANNOT_START) {
      throw new OutOfMemoryError("simulated, when a download starts");
    }
    CompletableFuture<Bytes> image = new CompletableFuture<>();
    downloads.add(image);
    var unused =
        memory
            .take(order.bytes())
            .whenComplete((granted, failure) -> loop.after(0, () -> download(image, failure)));
    return image;
  }

  private void download(CompletableFuture<Bytes> image, Throwable noMemory) {
    if (noMemory != null) {
      image.completeExceptionally(noMemory);
      return;
    }
    long takes = order.download() == Download.NEVER_ENDS ? 10_000_000_000L : order.bodyTakes();
    Runnable cancel = loop.after(takes, () -> end(image));
    var unused = image.whenComplete((done, failure) -> cancel.run());
  }

  private void end(CompletableFuture<Bytes> image) {
    if (order.download() == Download.GOOD) {
      ArrivingBytes arriving = new ArrivingBytes(service.memory().blocks(), 0);
      arriving.append(ByteBuffer.wrap(Images.file(order.images().get(0))));
      Bytes file = arriving.take();
      if (!image.complete(file)) {
        file.close();
      }
    } else {
      image.completeExceptionally(
          new ServingException(Failure.UNFETCHED_PICTURE, "simulated, in a download"));
    }
  }

  /** Arrives with this client's faults. */
  private final class Incoming<Q> implements IncomingRequest<Q> {

    private final Function<Bytes, Q> parser;

    Incoming(Function<Bytes, Q> parser) {
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
      return body.arrive(progress);
    }

    @Override
    public Q parse(Bytes content) {
      judge.require(!onWorker(), () -> "Request #" + order.number() + " is parsed twice");
      started = scheduler.now();
      Reservation reserved = service.memory().forParsing(order.bytes());
      try {
        return parser.apply(content);
      } finally {
        reserved.close();
      }
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
