package dev.glimpse.image.heif;

import com.sun.jna.Pointer;
import dev.glimpse.image.NativeFunctions;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Arrays;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Binds the functions of <a href="https://github.com/strukturag/libheif">libheif</a> that are
 * needed, under their own names, from the system's library. Any thread may call them.
 *
 * <p>Many return a {@code heif_error} by value: two numbers of 32 bits, code and subcode, and a
 * pointer. On x86-64 and aarch64 it comes in two registers, as a number of 64 bits comes in the
 * first of them; so they are declared to return that, whose lower half is the code.
 */
// JNA looks for the native methods by reflection.
@RegisterForReflection
final class Heif {

  /** {@code heif_colorspace_RGB}. */
  static final int RGB = 1;

  /** {@code heif_chroma_interleaved_RGB}; the next is the one with alpha. */
  static final int INTERLEAVED_RGB = 10;

  static final int INTERLEAVED_RGBA = 11;

  /** {@code heif_channel_interleaved}. */
  static final int INTERLEAVED = 10;

  /** Offset of {@code convert_hdr_to_8bit} in {@code heif_decoding_options}: a byte. */
  static final long TO_8_BITS = 40;

  /** Codes of errors. */
  static final int OK = 0;

  static final int UNSUPPORTED_FEATURE = 4;
  static final int NO_MEMORY = 6;

  private static final Logger LOG = Logger.getLogger(Heif.class);
  // The first is the name on Debian and its derivatives without the development package.
  private static final List<String> NAMES = List.of("libheif.so.1", "heif");

  // Not in a static initialiser: that of a native executable runs at build time.
  private static @Nullable List<Kind> available;
  private static boolean installed;

  private Heif() {}

  /**
   * Tells whether the library is installed and decodes this kind. The first call loads it, and logs
   * what is missing.
   */
  static synchronized boolean decodes(Kind kind) {
    List<Kind> known = available;
    if (known == null) {
      known = load();
      available = known;
    }
    return known.contains(kind);
  }

  /** Tells whether the library is installed; {@link #decodes} has been called before. */
  static synchronized boolean isInstalled() {
    return installed;
  }

  private static List<Kind> load() {
    installed = NativeFunctions.bind(Heif.class, NAMES);
    if (!installed) {
      LOG.info(
          "libheif is not installed: HEIC and AVIF images are not supported. Install the package"
              + " libheif1.");
      return List.of();
    }
    List<Kind> found =
        Arrays.stream(Kind.values())
            .filter(kind -> heif_have_decoder_for_format(kind.number()) != 0)
            .toList();
    for (Kind kind : Kind.values()) {
      if (!found.contains(kind)) {
        LOG.infof(
            "libheif has no decoder for %s: these images are not supported. Install the package"
                + " %s.",
            kind, kind.plugin());
      }
    }
    return found;
  }

  /** Returns 0 if there is no decoder. */
  static native int heif_have_decoder_for_format(int format);

  /** Creates a context for one file; null if there is no memory. */
  static native @Nullable Pointer heif_context_alloc();

  /** Frees a context. */
  static native void heif_context_free(Pointer context);

  /** Sets how many threads decode the tiles of a grid; 0 for the caller's own. */
  static native void heif_context_set_max_decoding_threads(Pointer context, int threads);

  /** Refuses images whose sides are longer. */
  static native void heif_context_set_maximum_image_size_limit(Pointer context, int side);

  /** Reads a file's header; the memory is needed as long as the context. Returns an error. */
  static native long heif_context_read_from_memory_without_copy(
      Pointer context, Pointer file, long size, @Nullable Pointer options);

  /** Finds the image that is shown; its address goes to {@code handle}. Returns an error. */
  static native long heif_context_get_primary_image_handle(Pointer context, long[] handle);

  /** Frees a handle. */
  static native void heif_image_handle_release(Pointer handle);

  /** Allocates options, with the defaults; null if there is no memory. */
  static native @Nullable Pointer heif_decoding_options_alloc();

  /** Frees options. */
  static native void heif_decoding_options_free(Pointer options);

  /** Decodes; the image's address goes to {@code image}. Returns an error. */
  static native long heif_decode_image(
      Pointer handle, long[] image, int colourSpace, int chroma, Pointer options);

  /** Returns the width of a channel in pixels; −1 if there is no such channel. */
  static native int heif_image_get_width(Pointer image, int channel);

  /** Returns the height of a channel in pixels; −1 if there is no such channel. */
  static native int heif_image_get_height(Pointer image, int channel);

  /** Returns the samples of a channel; the bytes of a row go to {@code stride}. */
  static native @Nullable Pointer heif_image_get_plane_readonly(
      Pointer image, int channel, int[] stride);

  /** Frees an image. */
  static native void heif_image_release(Pointer image);
}
