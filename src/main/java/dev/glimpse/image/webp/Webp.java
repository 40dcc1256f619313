package dev.glimpse.image.webp;

import com.sun.jna.Pointer;
import dev.glimpse.image.NativeFunctions;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Binds the two functions of <a
 * href="https://developers.google.com/speed/webp/docs/api#simple_decoding_api">libwebp</a> that are
 * needed, under their own names, from the system's library. Any thread may call them.
 */
// JNA looks for the native methods by reflection.
@RegisterForReflection
final class Webp {

  private static final Logger LOG = Logger.getLogger(Webp.class);
  // The first is the name on Debian and its derivatives without the development package.
  private static final List<String> NAMES = List.of("libwebp.so.7", "webp");

  // Not in a static initialiser: that of a native executable runs at build time.
  private static @Nullable Boolean available;

  private Webp() {}

  /** Tells whether the library is installed. The first call loads it, and logs if it is missing. */
  static synchronized boolean isAvailable() {
    Boolean known = available;
    if (known == null) {
      known = NativeFunctions.bind(Webp.class, NAMES);
      available = known;
      if (!known) {
        LOG.info(
            "libwebp is not installed: WebP images are not supported. Install the package"
                + " libwebp7.");
      }
    }
    return known;
  }

  /**
   * Decodes a still image to red, green, blue.
   *
   * @param dataSize bytes of the file
   * @param outSize bytes of {@code out}
   * @param stride bytes per row of {@code out}
   * @return 0 if it cannot be decoded, or is larger than {@code out}
   */
  static native long WebPDecodeRGBInto(
      Pointer data, long dataSize, Pointer out, long outSize, int stride);

  /**
   * Decodes a still image to red, green, blue, alpha.
   *
   * @param dataSize bytes of the file
   * @param outSize bytes of {@code out}
   * @param stride bytes per row of {@code out}
   * @return 0 if it cannot be decoded, or is larger than {@code out}
   */
  static native long WebPDecodeRGBAInto(
      Pointer data, long dataSize, Pointer out, long outSize, int stride);
}
