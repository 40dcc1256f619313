package dev.glimpse.pipeline;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.image.ImageFile;
import dev.glimpse.memory.Reservation;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Asks for the classes of an image.
 *
 * @param image the image, whose bytes the request's body owns; it has none if it is remote
 * @param remoteImage starts the download of a remote image, without blocking; called once, with the
 *     reservation for its memory; completing its result cancels the download, and what it has been
 *     completed with is to be closed
 * @param model the model's name; empty: the default model
 * @param version the model's version; empty: the highest
 * @param options what is asked of the result
 */
public record ClassificationRequest(
    ImageFile image,
    Optional<Function<Reservation, CompletableFuture<Bytes>>> remoteImage,
    Optional<String> model,
    Optional<Integer> version,
    ClassificationOptions options) {

  /** Makes a request about the first page of an image that is not remote. */
  public ClassificationRequest(
      Bytes image,
      Optional<String> model,
      Optional<Integer> version,
      ClassificationOptions options) {
    this(new ImageFile(image), Optional.empty(), model, version, options);
  }

  /** Returns the same request about another page, 0 or more. */
  public ClassificationRequest withPage(int page) {
    return new ClassificationRequest(
        new ImageFile(image.bytes(), page), remoteImage, model, version, options);
  }

  /** Returns the same request about the same page of another image file. */
  public ClassificationRequest withImage(Bytes file) {
    return new ClassificationRequest(
        new ImageFile(file, image.page()), Optional.empty(), model, version, options);
  }

  /** Returns the same request about the same page of a remote image. */
  public ClassificationRequest withRemoteImage(
      Function<Reservation, CompletableFuture<Bytes>> download) {
    return new ClassificationRequest(
        new ImageFile(Bytes.NONE, image.page()), Optional.of(download), model, version, options);
  }
}
