package dev.glimpse.image.jpeg;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Binds the functions of libjpeg-turbo's <a
 * href="https://libjpeg-turbo.org/Documentation/Documentation">TurboJPEG</a> that are needed, under
 * their own names. They are those of version 2, all of which version 3 still has. Sizes of files
 * are C's {@code unsigned long}, which is passed in a 64-bit register wherever the JVM has 64 bits.
 */
// JNA looks for the native methods by reflection.
@RegisterForReflection
final class TurboJpeg {

  static final int PIXELS_RGB = 0;
  static final int PIXELS_CMYK = 11;

  /**
   * {@code TJFLAG_LIMITSCANS}: refuse a file of more than 500 scans, each of which costs as much as
   * the first.
   */
  static final int LIMIT_SCANS = 32768;

  /** {@code TJERR_WARNING}: the image was decoded nevertheless. */
  static final int WARNING = 0;

  private static final Logger LOG = Logger.getLogger(TurboJpeg.class);

  /** Debian's package without development files has only the second. */
  private static final List<String> NAMES = List.of("turbojpeg", "libturbojpeg.so.0");

  // Not in a static initialiser: that of a native executable runs at build time.
  private static boolean searched;
  private static @Nullable String version;

  private TurboJpeg() {}

  /** Tells whether the library is installed and usable. The first call loads it. */
  static boolean isAvailable() {
    return load().isPresent();
  }

  /**
   * Finds the library and binds these functions to it, on the first call. Any thread may call it.
   *
   * @return the library's name and version, for operators; empty if it is missing or unusable, and
   *     then no function may be called
   */
  static synchronized Optional<String> load() {
    if (!searched) {
      version = find();
      searched = true;
    }
    return Optional.ofNullable(version);
  }

  private static @Nullable String find() {
    for (String name : NAMES) {
      try {
        NativeLibrary library = NativeLibrary.getInstance(name);
        Native.register(TurboJpeg.class, library);
        return hasFunction(library, "tj3Init") ? "TurboJPEG 3" : "TurboJPEG 2";
      } catch (LinkageError | RuntimeException e) {
        LOG.debugf("%s: %s", name, e.getMessage());
      }
    }
    return null;
  }

  private static boolean hasFunction(NativeLibrary library, String name) {
    try {
      library.getFunction(name);
      return true;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }

  /** Creates a decompressor, for one thread at a time; null if there is no memory. */
  static native @Nullable Pointer tjInitDecompress();

  /** Reads a header; each array receives one number. Returns 0, or −1 on an error. */
  static native int tjDecompressHeader3(
      Pointer decompressor,
      Pointer jpeg,
      long jpegSize,
      int[] width,
      int[] height,
      int[] subsampling,
      int[] colourspace);

  /**
   * Decodes into {@code pixels}, never more than {@code pitch × height} bytes. Returns 0, or −1 on
   * an error or warning.
   */
  static native int tjDecompress2(
      Pointer decompressor,
      Pointer jpeg,
      long jpegSize,
      Pointer pixels,
      int width,
      int pitch,
      int height,
      int pixelFormat,
      int flags);

  /** Returns the last message; of several warnings, the first. */
  static native String tjGetErrorStr2(Pointer decompressor);

  /** Says what the last message was: {@link #WARNING}, or otherwise an error. */
  static native int tjGetErrorCode(Pointer decompressor);

  /** Frees a decompressor. */
  static native int tjDestroy(Pointer decompressor);
}
