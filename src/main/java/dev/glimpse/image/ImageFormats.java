package dev.glimpse.image;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.nio.ByteBuffer;
import java.util.Arrays;
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
    throw Arrays.stream(UnsupportedFormat.values())
        .filter(format -> format.matches(file))
        .findFirst()
        .map(this::unsupported)
        .orElseGet(() -> refusal("The bytes match no image format that is known."));
  }

  /** Returns the available codec of this name, in any case, or empty. */
  Optional<ImageCodec> named(String name) {
    return available().filter(codec -> codec.name().equalsIgnoreCase(name)).findFirst();
  }

  private ServingException unsupported(ImageFormat format) {
    return refusal(format.name() + " images are not supported.");
  }

  private ServingException refusal(String why) {
    String accepted = available().map(ImageFormat::name).collect(Collectors.joining(", "));
    return new ServingException(
        Failure.UNSUPPORTED_MEDIA_TYPE, why + " Accepted: " + accepted + ".");
  }

  private Stream<ImageCodec> available() {
    return codecs.stream().filter(ImageCodec::isAvailable);
  }
}
