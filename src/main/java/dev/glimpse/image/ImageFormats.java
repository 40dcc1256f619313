package dev.glimpse.image;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Chooses the codec for a file by its first bytes. Immutable; any thread may use it. */
public final class ImageFormats {

  private final List<ImageCodec> codecs;

  /**
   * Chooses among these codecs.
   *
   * @param codecs asked in this order, which is also the order in which a refusal lists them
   */
  public ImageFormats(List<ImageCodec> codecs) {
    this.codecs = List.copyOf(codecs);
  }

  /**
   * Returns the codec that decodes this file.
   *
   * @param file the whole file
   * @throws ServingException UNREADABLE_IMAGE if the file is empty; UNSUPPORTED_MEDIA_TYPE if its
   *     format is unknown, known but not supported, or needs a library that is not installed
   */
  public ImageCodec codecFor(ByteBuffer file) {
    if (file.limit() == 0) {
      throw new ServingException(Failure.UNREADABLE_IMAGE, "The image is empty: 0 bytes.");
    }
    for (ImageCodec codec : codecs) {
      if (codec.matches(file)) {
        if (!codec.isAvailable()) {
          throw unsupported(codec);
        }
        return codec;
      }
    }
    throw refusal("The bytes match no image format that is known.");
  }

  /** Returns the available codec of this name, in any case, or empty. */
  Optional<ImageCodec> named(String name) {
    return codecs.stream()
        .filter(codec -> codec.name().equalsIgnoreCase(name))
        .filter(ImageCodec::isAvailable)
        .findFirst();
  }

  private ServingException unsupported(ImageCodec codec) {
    return refusal(
        "%s images are not supported without %s.".formatted(codec.name(), codec.missing()));
  }

  private ServingException refusal(String why) {
    String accepted =
        available().map(ImageFormat::name).distinct().collect(Collectors.joining(", "));
    return new ServingException(
        Failure.UNSUPPORTED_MEDIA_TYPE, why + " Accepted: " + accepted + ".");
  }

  private Stream<ImageCodec> available() {
    return codecs.stream().filter(ImageCodec::isAvailable);
  }
}
