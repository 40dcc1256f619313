package dev.glimpse.image.heif;

import com.sun.jna.Pointer;
import dev.glimpse.image.UnreadableImage;
import dev.glimpse.image.heif.HeifImage.Item;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds what libheif allocates for one coded image, to be closed when its pixels have been read.
 * For one thread at a time.
 */
final class HeifContext implements AutoCloseable {

  private final Item item;
  private final Pointer context;
  private @Nullable Pointer handle;
  private @Nullable Pointer options;
  private @Nullable Pointer image;
  private @Nullable Pointer plane;
  private int stride;

  /** Creates a context for an image of this size. */
  HeifContext(Item item) {
    this.item = item;
    this.context = allocated(Heif.heif_context_alloc());
  }

  /**
   * Decodes to red, green, blue, with or without alpha.
   *
   * @param file one image as {@link StillFile} writes it, needed until {@link #close}
   * @throws UnreadableImage if it is corrupt, or comes out in another size
   */
  void decode(Pointer file, int length, boolean alpha) throws UnreadableImage {
    Heif.heif_context_set_max_decoding_threads(context, 0);
    // The library compares a grid's sides with "or equal", and the image's with "greater".
    Heif.heif_context_set_maximum_image_size_limit(
        context, Math.max(item.width(), item.height()) + 1);
    require(Heif.heif_context_read_from_memory_without_copy(context, file, length, null));
    long[] address = new long[1];
    require(Heif.heif_context_get_primary_image_handle(context, address));
    handle = allocated(pointer(address));
    options = allocated(Heif.heif_decoding_options_alloc());
    options.setByte(Heif.TO_8_BITS, (byte) 1);
    int chroma = alpha ? Heif.INTERLEAVED_RGBA : Heif.INTERLEAVED_RGB;
    OneCore core = OneCore.take();
    try {
      require(Heif.heif_decode_image(handle, address, Heif.RGB, chroma, options));
    } finally {
      core.release();
    }
    image = allocated(pointer(address));
    int width = Heif.heif_image_get_width(image, Heif.INTERLEAVED);
    int height = Heif.heif_image_get_height(image, Heif.INTERLEAVED);
    if (width != item.width() || height != item.height()) {
      throw item.otherSize(width, height);
    }
    int[] bytes = new int[1];
    plane = Heif.heif_image_get_plane_readonly(image, Heif.INTERLEAVED, bytes);
    stride = bytes[0];
    if (plane == null || stride < (long) width * (alpha ? 4 : 3)) {
      throw new UnreadableImage("corrupt");
    }
  }

  /** Returns the decoded samples, row by row. */
  Pointer plane() {
    return Objects.requireNonNull(plane);
  }

  /** Returns the bytes of a row. */
  int stride() {
    return stride;
  }

  @Override
  public void close() {
    if (image != null) {
      Heif.heif_image_release(image);
    }
    if (options != null) {
      Heif.heif_decoding_options_free(options);
    }
    if (handle != null) {
      Heif.heif_image_handle_release(handle);
    }
    Heif.heif_context_free(context);
  }

  private static @Nullable Pointer pointer(long[] address) {
    return address[0] == 0 ? null : new Pointer(address[0]);
  }

  private static Pointer allocated(@Nullable Pointer pointer) {
    if (pointer == null) {
      throw new OutOfMemoryError("libheif has no memory");
    }
    return pointer;
  }

  private void require(long error) throws UnreadableImage {
    switch ((int) error) {
      case Heif.OK -> {}
      case Heif.NO_MEMORY -> throw new OutOfMemoryError("libheif has no memory");
      case Heif.UNSUPPORTED_FEATURE ->
          throw UnsupportedHeif.of(
              item.kind().name(), "of this kind, which libheif does not decode,");
      default -> throw new UnreadableImage("corrupt");
    }
  }
}
