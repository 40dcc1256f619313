package dev.glimpse.image.png;

import com.sun.jna.Pointer;
import dev.glimpse.image.NativeFunctions;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Binds the functions of <a href="https://github.com/ebiggers/libdeflate">libdeflate</a> that are
 * needed, under their own names, from the system's library. It inflates faster than zlib, but only
 * all data at once. Any thread may call the functions.
 */
// JNA looks for the native methods by reflection.
@RegisterForReflection
final class Libdeflate {

  // The first is the name on Debian and its derivatives without the development package.
  private static final List<String> NAMES = List.of("libdeflate.so.0", "deflate");
  private static final int SUCCESS = 0;

  // Not in a static initialiser: that of a native executable runs at build time.
  private static @Nullable Boolean available;

  private Libdeflate() {}

  /** Tells whether the library is installed. The first call loads it. */
  static synchronized boolean isAvailable() {
    Boolean known = available;
    if (known == null) {
      known = NativeFunctions.bind(Libdeflate.class, NAMES);
      available = known;
    }
    return known;
  }

  /**
   * Inflates a whole <a href="https://www.rfc-editor.org/rfc/rfc1950">zlib</a> stream.
   *
   * @param inSize bytes of the stream; what follows its end is ignored
   * @param outSize bytes that it must have, neither more nor fewer
   * @return false if it is corrupt, or of another size; {@code out} then holds anything
   */
  static boolean inflate(Pointer in, long inSize, Pointer out, long outSize) {
    Pointer decompressor = libdeflate_alloc_decompressor();
    if (decompressor == null) {
      return false;
    }
    try {
      return libdeflate_zlib_decompress(decompressor, in, inSize, out, outSize, null) == SUCCESS;
    } finally {
      libdeflate_free_decompressor(decompressor);
    }
  }

  private static native @Nullable Pointer libdeflate_alloc_decompressor();

  private static native void libdeflate_free_decompressor(Pointer decompressor);

  private static native int libdeflate_zlib_decompress(
      Pointer decompressor,
      Pointer in,
      long inSize,
      Pointer out,
      long outSize,
      @Nullable Pointer actualOutSize);
}
