package dev.glimpse.image.webp;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The two functions of <a
 * href="https://developers.google.com/speed/webp/docs/api#simple_decoding_api">libwebp</a> that are
 * needed. Uses the system's library; without it, WebP images are not supported.
 */
// JNA looks for the native methods by reflection.
@RegisterForReflection
final class Webp {

  private static final Logger LOG = Logger.getLogger(Webp.class);
  // Debian and its like name the library so unless the developers' package is there, too.
  private static final List<String> NAMES = List.of("libwebp.so.7", "webp");
  private static final int RTLD_NOW = 2;

  // Not in a static initialiser: a native executable's would run while it is built.
  private static @Nullable Boolean available;

  private Webp() {}

  /** Whether the library is there. The first call loads it. */
  static synchronized boolean isAvailable() {
    Boolean known = available;
    if (known == null) {
      known = load();
      available = known;
      if (!known) {
        LOG.info(
            "libwebp is not installed: WebP images are not supported. Install the package libwebp7.");
      }
    }
    return known;
  }

  private static boolean load() {
    for (String name : NAMES) {
      try {
        if (Native.SIZE_T_SIZE == Long.BYTES) { // as the methods below have it
          Native.register(
              Webp.class,
              NativeLibrary.getInstance(name, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW)));
          return true;
        }
      } catch (LinkageError e) {
        LOG.debugf(e, "No %s", name);
      }
    }
    return false;
  }

  /**
   * Decodes a still image to red, green, blue.
   *
   * @param stride bytes of a row
   * @return 0 if it cannot be decoded, or is larger than {@code out}
   */
  static native long WebPDecodeRGBInto(
      Pointer data, long dataSize, Pointer out, long outSize, int stride);

  /** As above, to red, green, blue, alpha. */
  static native long WebPDecodeRGBAInto(
      Pointer data, long dataSize, Pointer out, long outSize, int stride);
}
