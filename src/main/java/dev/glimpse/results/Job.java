package dev.glimpse.results;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Describes a request that was accepted to be answered later.
 *
 * @param id unguessable: 128 random bits, in 22 characters that need no escape in a URL
 * @param owner the name of the caller that sent it; empty if requests need no key
 * @param accepted when, in milliseconds since 1970
 * @param requestId the request's {@code X-Request-ID}
 * @param path that it was sent to, such as {@code /predict}
 * @param query its parameters in the query, by name
 * @param contentType the kind of its body; empty if it did not say
 * @param acceptLanguage that header; empty if it was not sent
 * @param images how many images it holds, at least one
 * @param callback where the result is sent to; empty if it is only fetched
 */
public record Job(
    String id,
    String owner,
    long accepted,
    String requestId,
    String path,
    Map<String, String> query,
    Optional<String> contentType,
    Optional<String> acceptLanguage,
    int images,
    Optional<String> callback) {

  public Job {
    query = Map.copyOf(query);
  }

  /** Returns what stands for a job of which nothing else can be read. */
  static Job unreadable(String id, String owner) {
    return new Job(
        id, owner, 0, id, "", Map.of(), Optional.empty(), Optional.empty(), 1, Optional.empty());
  }

  /** Returns where its result is sent to: a host with its port; empty if it is only fetched. */
  public String receiver() {
    return callback.map(url -> receiver(url.toLowerCase(Locale.ROOT))).orElse("");
  }

  private static String receiver(String url) {
    String host = url.replaceFirst("^[^:]*://", "").replaceFirst("[/?#].*$", "");
    return host.replaceFirst(url.startsWith("http:") ? ":80$" : ":443$", "");
  }

  /** Returns the same job with another number of images. */
  public Job withImages(int count) {
    return new Job(
        id, owner, accepted, requestId, path, query, contentType, acceptLanguage, count, callback);
  }
}
