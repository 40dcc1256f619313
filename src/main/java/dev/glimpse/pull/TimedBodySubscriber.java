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
 * Reads a response's body part by part, with a timeout for each, because the HTTP client's own
 * timeout covers the headers only. Requests the next part when one is taken, so that few are in
 * memory.
 */
final class TimedBodySubscriber implements BodySubscriber<TimedBodySubscriber> {

  /**
   * Describes one event of the subscription.
   *
   * @param bytes the part that arrived; empty at the end
   * @param failure why the body ended early
   */
  private record Event(List<ByteBuffer> bytes, @Nullable Throwable failure) {}

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Duration stall;
  private volatile Flow.@Nullable Subscription subscription;

  TimedBodySubscriber(Duration stall) {
    this.stall = stall;
  }

  /** Waits for the next part and returns it; empty at the end of the body. */
  Optional<List<ByteBuffer>> next() throws IOException, InterruptedException {
    Event event = events.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
    if (event == null) {
      cancel();
      throw new RetryableDownloadException(
          "no bytes arrived for " + stall.toMillis() / 1000.0 + " s");
    }
    if (event.failure() != null) {
      throw new RetryableDownloadException("the connection was lost");
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

  /** Cancels the rest of the body and closes the connection. */
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
