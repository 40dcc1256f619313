package dev.glimpse.preprocess;

import com.sun.jna.Pointer;
import dev.glimpse.image.NativeFunctions;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Binds the functions of {@code src/main/c/pixels.c}, under their own names. The build compiles it
 * where there is a C compiler.
 */
// JNA looks for the native methods by reflection.
@RegisterForReflection
final class PixelLibrary {

  /** What {@link #instructions} returns without the library. */
  static final int MISSING = -1;

  // Not in a static initialiser: that of a native executable runs at build time.
  private static boolean searched;
  private static int instructions = MISSING;

  private PixelLibrary() {}

  /**
   * Returns the best instructions that the library and this processor have, as its C code numbers
   * them; {@link #MISSING} if it is missing or unusable, and then no function may be called. The
   * first call loads it; any thread may call it.
   */
  static synchronized int instructions() {
    if (!searched) {
      instructions =
          NativeFunctions.bindOwn(PixelLibrary.class) ? glimpse_pixels_instructions() : MISSING;
      searched = true;
    }
    return instructions;
  }

  /** Returns the number of the best instructions that this processor has. */
  static native int glimpse_pixels_instructions();

  /**
   * Scales an image and writes it into a tensor; see the C code. Returns 0, or a negative number if
   * nothing was written.
   */
  static native int glimpse_pixels_write(
      long[] job,
      Pointer source,
      int[] columnFirst,
      int[] columnCount,
      int[] columnWeights,
      int[] rowFirst,
      int[] rowCount,
      int[] rowWeights,
      Pointer table,
      Pointer tensor);
}
