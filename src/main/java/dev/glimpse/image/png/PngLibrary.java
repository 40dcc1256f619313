package dev.glimpse.image.png;

import com.sun.jna.Pointer;
import dev.glimpse.image.NativeFunctions;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * Binds the functions of {@code src/main/c/png.c}, under their own names. The build compiles it
 * where there is a C compiler, into the library that scales images, too. Any thread may call them.
 */
// JNA looks for the native methods by reflection.
@RegisterForReflection
final class PngLibrary {

  /** What {@link #glimpse_png_unfilter} returns when all rows are done. */
  static final int DONE = 0;

  // Not in a static initialiser: that of a native executable runs at build time.
  private static @Nullable Boolean available;

  private PngLibrary() {}

  /** Tells whether the library is there. The first call loads it. */
  static synchronized boolean isAvailable() {
    Boolean known = available;
    if (known == null) {
      known = NativeFunctions.bindOwn(PngLibrary.class);
      available = known;
    }
    return known;
  }

  /**
   * Reverses the filters of all rows, and moves the rows together; see the C code.
   *
   * @param data for each row the filter's number and the stored bytes; afterwards the rows alone
   * @param size bytes of {@code data}
   * @param zeros so many bytes of 0 as a row has
   * @param rows 1 or more
   * @param rowBytes bytes of a row without the filter's number
   * @param step bytes of a pixel, 3 or 4
   * @return {@link #DONE}, or a negative number if a filter is unknown
   */
  static native int glimpse_png_unfilter(
      Pointer data, long size, Pointer zeros, long rows, long rowBytes, int step);

  /**
   * Lays pixels over white, in place; see the C code.
   *
   * @param data red, green, blue, alpha of each pixel; afterwards red, green, blue
   */
  static native void glimpse_png_over_white(Pointer data, long pixels);
}
