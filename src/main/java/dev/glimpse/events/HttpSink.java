package dev.glimpse.events;

import dev.glimpse.config.EventsConfig.Mode;
import dev.glimpse.events.Delivered.Outcome;
import dev.glimpse.failure.Printable;
import dev.glimpse.threads.DaemonThreads;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Posts events to an address, over HTTP/1.1 with connections that are kept open. Follows no
 * redirects, and verifies certificates as the JVM does. Uses the JDK's client, as {@code pull}
 * does, and not the event loops of requests, which would share their time with it.
 */
final class HttpSink implements Sink {

  /** Requests at a time. */
  private static final int REQUESTS = 16;

  private static final int BATCH = 100;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Later the answer may be another one; so it may be with every status from 500 on. */
  private static final Set<Integer> LATER = Set.of(408, 425, 429);

  private static final Answer LOST = Answer.failed("has closed the connection");

  private final URI address;
  private final Mode mode;
  private final Supplier<Optional<String>> authorization;
  private final Duration timeout;
  private final ExecutorService threads;
  private final HttpClient client;

  /**
   * Creates a sink; sends nothing.
   *
   * @param address without user and password
   * @param authorization gives the header's value
   * @param timeout for each request and its response
   */
  HttpSink(URI address, Mode mode, Supplier<Optional<String>> authorization, Duration timeout) {
    this.address = address;
    this.mode = mode;
    this.authorization = authorization;
    this.timeout = timeout;
    this.threads = Executors.newFixedThreadPool(2, DaemonThreads.named("events-http"));
    this.client =
        HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(timeout.compareTo(CONNECT_TIMEOUT) < 0 ? timeout : CONNECT_TIMEOUT)
            .executor(threads)
            .build();
  }

  @Override
  public int most() {
    return mode == Mode.BATCHED ? BATCH : REQUESTS;
  }

  @Override
  public String name() {
    return address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
  }

  @Override
  public Delivered send(List<CloudEvent> events) throws InterruptedException {
    List<HttpRequest> requests =
        mode == Mode.BATCHED
            ? List.of(post(EventFormat.batch(events), EventFormat.BATCH))
            : events.stream().map(this::request).toList();
    List<Answer> answers = answers(requests);
    List<Outcome> outcomes =
        mode == Mode.BATCHED
            ? Collections.nCopies(events.size(), answers.get(0).outcome)
            : answers.stream().map(Answer::outcome).toList();
    return new Delivered(
        outcomes,
        answers.stream().map(Answer::reason).flatMap(Optional::stream).findFirst(),
        answers.stream().map(Answer::pause).max(Duration::compareTo).orElse(Duration.ZERO));
  }

  private HttpRequest request(CloudEvent event) {
    if (mode == Mode.STRUCTURED) {
      return post(EventFormat.json(event), EventFormat.STRUCTURED);
    }
    HttpRequest.Builder request = builder(event.data());
    EventFormat.headers(event).forEach(request::header);
    return request.build();
  }

  private HttpRequest post(String body, String type) {
    return builder(body).header("Content-Type", type).build();
  }

  private HttpRequest.Builder builder(String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .POST(BodyPublishers.ofString(body))
            .header("User-Agent", "glimpse");
    authorization.get().ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  /**
   * What came of a request.
   *
   * @param reason empty if it was accepted
   */
  private record Answer(Outcome outcome, Optional<String> reason, Duration pause) {

    static Answer failed(String reason) {
      return new Answer(Outcome.FAILED, Optional.of(reason), Duration.ZERO);
    }
  }

  /**
   * Sends requests. One whose connection is lost is sent again at once: the receiver may have
   * closed it because it was idle.
   */
  private List<Answer> answers(List<HttpRequest> requests) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    List<Answer> answers = attempt(requests, end);
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).equals(LOST)) {
        answers.set(i, attempt(List.of(requests.get(i)), end).get(0));
      }
    }
    return answers;
  }

  private List<Answer> attempt(List<HttpRequest> requests, long end) throws InterruptedException {
    List<CompletableFuture<HttpResponse<Void>>> sent =
        requests.stream()
            .map(request -> client.sendAsync(request, BodyHandlers.discarding()))
            .toList();
    try {
      List<Answer> answers = new ArrayList<>();
      for (CompletableFuture<HttpResponse<Void>> response : sent) {
        answers.add(answer(response, end));
      }
      return answers;
    } finally {
      sent.forEach(response -> response.cancel(true)); // those that are late
    }
  }

  private Answer answer(CompletableFuture<HttpResponse<Void>> response, long end)
      throws InterruptedException {
    try {
      long left = Math.max(end - System.nanoTime(), 0);
      return answer(response.get(left, TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Answer.failed(late());
    } catch (ExecutionException e) {
      return failure(e.getCause());
    }
  }

  private Answer answer(HttpResponse<Void> response) {
    int status = response.statusCode();
    if (status / 100 == 2) {
      return new Answer(Outcome.ACCEPTED, Optional.empty(), Duration.ZERO);
    }
    String reason = "answers with status " + status;
    return status >= 500 || LATER.contains(status)
        ? new Answer(Outcome.FAILED, Optional.of(reason), pause(response))
        : new Answer(Outcome.REJECTED, Optional.of(reason), Duration.ZERO);
  }

  /** Reads {@code Retry-After}, if it is a number of seconds. */
  private static Duration pause(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("[0-9]{1,9}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .map(asked -> asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE)
        .orElse(Duration.ZERO);
  }

  private String late() {
    return "does not answer within %d ms".formatted(timeout.toMillis());
  }

  private Answer failure(@Nullable Throwable cause) {
    if (cause instanceof HttpConnectTimeoutException) {
      return Answer.failed("accepts no connection in time");
    }
    if (cause instanceof ConnectException) {
      return Answer.failed(
          cause.getCause() instanceof UnresolvedAddressException
              ? "is not known to DNS"
              : "refuses connections");
    }
    if (cause instanceof SSLException) {
      return Answer.failed(
          "has no certificate that is trusted, or speaks no TLS (%s)"
              .formatted(Printable.of(String.valueOf(cause.getMessage()))));
    }
    return cause instanceof IOException
        ? LOST
        : Answer.failed("cannot be reached (%s)".formatted(Printable.of(String.valueOf(cause))));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
