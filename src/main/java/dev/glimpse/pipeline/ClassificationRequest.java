package dev.glimpse.pipeline;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.memory.Reservation;
import dev.glimpse.postprocess.Activation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Asks for the classes of an image.
 *
 * @param image an image file's bytes, which the request's body owns; none if the image is remote
 * @param page which page of the image's file, 0 or more; 0 is the first
 * @param model the model's name; empty: the default model
 * @param version the model's version; empty: the highest
 * @param topK how many classes to return, 1 to the model's number of classes; empty: five, or all
 *     if there are fewer
 * @param language the language of the labels, one that the model has; empty: the first of {@code
 *     languages} that it has, or else its own
 * @param languages the languages that the client accepts, best first
 * @param remoteImage starts the download of a remote image, without blocking; called once, with the
 *     reservation for its memory; completing its result cancels the download, and what it has been
 *     completed with is to be closed
 * @param activation turns the graph's output into scores; empty: the model's own
 * @param clampTopK whether {@code topK} may exceed the number of classes, and all are returned then
 * @param scores the options for scores
 */
public record ClassificationRequest(
    Bytes image,
    int page,
    Optional<String> model,
    Optional<Integer> version,
    Optional<Integer> topK,
    Optional<String> language,
    List<Locale.LanguageRange> languages,
    Optional<Function<Reservation, CompletableFuture<Bytes>>> remoteImage,
    Optional<Activation> activation,
    boolean clampTopK,
    ScoreOptions scores) {

  /** Makes a request about the first page of an image that is not remote. */
  public ClassificationRequest(
      Bytes image,
      Optional<String> model,
      Optional<Integer> version,
      Optional<Integer> topK,
      Optional<String> language,
      List<Locale.LanguageRange> languages) {
    this(
        image,
        0,
        model,
        version,
        topK,
        language,
        languages,
        Optional.empty(),
        Optional.empty(),
        false,
        ScoreOptions.NONE);
  }

  /** Returns the same request with another activation, and {@code topK} clamped. */
  public ClassificationRequest withActivation(Optional<Activation> other) {
    return new ClassificationRequest(
        image, page, model, version, topK, language, languages, remoteImage, other, true, scores);
  }

  /** Returns the same request with other options for scores. */
  public ClassificationRequest withScores(ScoreOptions other) {
    return new ClassificationRequest(
        image,
        page,
        model,
        version,
        topK,
        language,
        languages,
        remoteImage,
        activation,
        clampTopK,
        other);
  }

  /** Returns the same request about another page, 0 or more. */
  public ClassificationRequest withPage(int other) {
    return new ClassificationRequest(
        image,
        other,
        model,
        version,
        topK,
        language,
        languages,
        remoteImage,
        activation,
        clampTopK,
        scores);
  }

  /** Returns the same request about another image file. */
  public ClassificationRequest withImage(Bytes other) {
    return new ClassificationRequest(
        other,
        page,
        model,
        version,
        topK,
        language,
        languages,
        Optional.empty(),
        activation,
        clampTopK,
        scores);
  }

  /** Returns the same request about a remote image. */
  public ClassificationRequest withRemoteImage(
      Function<Reservation, CompletableFuture<Bytes>> other) {
    return new ClassificationRequest(
        Bytes.NONE,
        page,
        model,
        version,
        topK,
        language,
        languages,
        Optional.of(other),
        activation,
        clampTopK,
        scores);
  }
}
