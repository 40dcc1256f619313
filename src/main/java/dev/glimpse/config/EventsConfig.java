package dev.glimpse.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Where an event of each prediction goes, as a CloudEvent; see docs/prediction-log.md. */
public interface EventsConfig {

  /** Which events a prediction makes. */
  enum Type {
    /** One of Glimpse's own type. */
    FLAT,
    /** Two of the types of KServe's logger, one for the request and one for the response. */
    KSERVE
  }

  /** How an HTTP request holds events. */
  enum Mode {
    /** One event; its attributes are headers, its data the body. */
    BINARY,
    /** One event as JSON. */
    STRUCTURED,
    /** As many as wait, a hundred at most, as a JSON array. */
    BATCHED
  }

  /**
   * Where events go: an {@code http://} or {@code https://} address that takes CloudEvents, or
   * {@code file:/path/predictions.jsonl} for a line of JSON each. Knative's SinkBinding sets it by
   * {@code K_SINK}. Set it in the environment if it has a password. Default: no events.
   */
  @WithParentName
  Optional<
          @Pattern(
              regexp =
                  "https?://([A-Za-z0-9._~!$&'()*+,;=:%-]+@)?([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])"
                      + "(:[0-9]{1,5})?([/?][A-Za-z0-9._~:/?@!$&'()*+,;=%-]*)?"
                      + "|file:(//)?/[A-Za-z0-9._~:/@!$&'()*+,;=%-]*[^/]",
              message =
                  "must be an address such as https://events.example.com/predictions or"
                      + " file:/var/log/predictions.jsonl, with %XX for special characters")
          String>
      target();

  /** Which events a prediction makes. */
  @WithDefault("flat")
  Type type();

  /** How an HTTP request holds events. Set {@code batched} if the receiver takes batches. */
  @WithDefault("binary")
  Mode mode();

  /** The share of predictions, chosen at random, that make events. */
  @WithDefault("1.0")
  @DecimalMin("0")
  @DecimalMax("1")
  double sample();

  /** The attribute {@code source} of all events. */
  @WithDefault("glimpse")
  @Pattern(
      regexp = "[A-Za-z0-9/][A-Za-z0-9._~:/@&=+,-]{0,255}",
      message = "must be a URI reference such as glimpse or /shop/glimpse")
  String source();

  /**
   * More attributes of all events, such as {@code inferenceservicename=flowers,namespace=shop}.
   * Default: none.
   */
  Optional<
          List<
              @Pattern(
                  regexp = "[a-z0-9]{1,20}=[^\\p{Cntrl}]+",
                  message =
                      "must be a name of 1 to 20 lower-case letters and digits, = and a value")
              String>>
      extensions();

  /**
   * The same as JSON, as Knative sets it in {@code K_CE_OVERRIDES}: {@code
   * {"extensions":{"name":"value"}}}. Counts more than {@link #extensions}. Default: none.
   */
  Optional<
          @Pattern(
              regexp = "(?s)\\s*\\{.*}\\s*",
              message = "must be JSON such as {\"extensions\":{\"name\":\"value\"}}")
          String>
      overrides();

  /** The header {@code Authorization} of requests with events. Default: none. */
  Optional<
          @Pattern(
              regexp = "[A-Za-z][A-Za-z0-9-]{0,31} [\\x21-\\x7e]{1,8192}",
              message = "must be a scheme, a space and visible ASCII characters, such as Bearer …")
          String>
      authorization();

  /** A file that holds the same, read again when it changes. Default: none. */
  Optional<Path> authorizationFile();

  /** How long a request with events may take; then it is sent again. */
  @WithDefault("10s")
  @DurationMin(millis = 1)
  @DurationMax(minutes = 10)
  Duration timeout();

  /**
   * How old an event may become while the receiver is away or answers with 429 or 5xx; then it is
   * dropped. Raise it, and the queue, to bridge longer outages.
   */
  @WithDefault("1m")
  @DurationMin(millis = 1)
  @DurationMax(days = 1)
  Duration retry();

  /** How many events may wait. */
  EventQueueConfig queue();

  /** The file, if events go into one. */
  EventFileConfig file();
}
