package dev.glimpse.pull;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, piece by piece, each waited for only so long; the client's own time limit
 * ends with the headers. The server is asked for one piece at a time.
 */
final class TimedBodySubscriber implements BodySubscriber<TimedBodySubscriber> {

  /**
   * One thing that happened.
   *
   * @param bytes what came; empty at the end
   * @param failure why nothing more comes
   */
  private record Event(List<ByteBuffer> bytes, @Nullable Throwable failure) {}

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Duration stall;
  private volatile Flow.@Nullable Subscription subscription;

  TimedBodySubscriber(Duration stall) {
    this.stall = stall;
  }

  /** The next piece; empty at the end. */
  Optional<List<ByteBuffer>> next() throws IOException, InterruptedException {
    Event event = events.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
    if (event == null) {
      cancel();
      throw new RetryableDownloadException("nothing came for " + stall.toMillis() / 1000.0 + " s");
    }
    if (event.failure() != null) {
      throw new RetryableDownloadException("the connection broke");
    }
    if (event.bytes().isEmpty()) {
      return Optional.empty();
    }
    Flow.Subscription current = subscription;
    if (current != null) {
      current.request(1);
    }
    return Optional.of(event.bytes());
  }

  /** Nothing more is wanted; closes the connection. */
  void cancel() {
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
  }

  @Override
  public CompletionStage<TimedBodySubscriber> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription started) {
    subscription = started;
    started.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    events.add(new Event(bytes, null));
  }

  @Override
  public void onError(Throwable failure) {
    events.add(new Event(List.of(), failure));
  }

  @Override
  public void onComplete() {
    events.add(new Event(List.of(), null));
  }
}
