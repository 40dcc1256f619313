package dev.glimpse.image.jpeg;

import com.sun.jna.Pointer;
import dev.glimpse.image.NativeFunctions;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * Binds the functions of {@code src/main/c/jpeg.c}, under their own names. The build compiles it
 * where there is a C compiler, into the library that scales images, too; it loads libjpeg-turbo.
 */
// JNA looks for the native methods by reflection.
@RegisterForReflection
final class JpegLibrary {

  /** What {@link #glimpse_jpeg_decode} returns when the part is decoded. */
  static final int DECODED = 0;

  // Not in a static initialiser: that of a native executable runs at build time.
  private static @Nullable Boolean available;

  private JpegLibrary() {}

  /**
   * Tells whether the library and libjpeg-turbo are there; otherwise no function may be called. The
   * first call loads them; any thread may call it.
   */
  static synchronized boolean isAvailable() {
    Boolean known = available;
    if (known == null) {
      known = NativeFunctions.bindOwn(JpegLibrary.class) && glimpse_jpeg_load() != 0;
      available = known;
    }
    return known;
  }

  /** Loads libjpeg-turbo; to be called once. Returns 0 if it is missing. */
  private static native int glimpse_jpeg_load();

  /** Decodes a part of an image; see the C code. Any thread may call it. */
  static native int glimpse_jpeg_decode(long[] job, Pointer file, long bytes, Pointer pixels);
}
