package dev.glimpse.pipeline;

import dev.glimpse.postprocess.Activation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What somebody wants to know.
 *
 * @param picture an image file's bytes; none, if it is still to come
 * @param model which model to ask; empty: the default
 * @param version which version of it; empty: the highest
 * @param topK how many classes to name, 1 to the model's number of classes; empty: five, or all if
 *     there are fewer
 * @param language in what language, one that the model has; empty: the first of {@code languages}
 *     that it has, or else its own
 * @param languages what the asker reads, best first
 * @param coming for a picture that is elsewhere: begins to bring it here, without waiting, and is
 *     called once; whoever completes what it supplies stops that
 * @param activation what makes scores of the graph's output; empty: what the model has for that
 * @param atMost whether {@code topK} may be more than there are classes, and all are named then
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes that are never compared
public record ClassificationRequest(
    byte[] picture,
    Optional<String> model,
    Optional<Integer> version,
    Optional<Integer> topK,
    Optional<String> language,
    List<Locale.LanguageRange> languages,
    Optional<Supplier<CompletableFuture<byte[]>>> coming,
    Optional<Activation> activation,
    boolean atMost) {

  private static final byte[] NOT_HERE = {};

  /** About a picture that is here. */
  public ClassificationRequest(
      byte[] picture,
      Optional<String> model,
      Optional<Integer> version,
      Optional<Integer> topK,
      Optional<String> language,
      List<Locale.LanguageRange> languages) {
    this(
        picture,
        model,
        version,
        topK,
        language,
        languages,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** The same, with scores made in this way, and not more classes named than there are. */
  public ClassificationRequest scoredBy(Optional<Activation> other) {
    return new ClassificationRequest(
        picture, model, version, topK, language, languages, coming, other, true);
  }

  /** The same of another picture. */
  public ClassificationRequest of(byte[] other) {
    return new ClassificationRequest(
        other, model, version, topK, language, languages, Optional.empty(), activation, atMost);
  }

  /** The same of a picture that is still to come. */
  public ClassificationRequest of(Supplier<CompletableFuture<byte[]>> other) {
    return new ClassificationRequest(
        NOT_HERE,
        model,
        version,
        topK,
        language,
        languages,
        Optional.of(other),
        activation,
        atMost);
  }
}
