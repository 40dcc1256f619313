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
 * The functions of libjpeg-turbo's <a
 * href="https://libjpeg-turbo.org/Documentation/Documentation">TurboJPEG</a> that are called, in
 * their own names. They are those of version 2, all of which version 3 still has. Sizes of files
 * are C's {@code unsigned long}, which takes a 64-bit register wherever the JVM is a 64-bit one.
 */
// JNA looks for the native methods by reflection.
@RegisterForReflection
final class TurboJpeg {

  static final int PIXELS_RGB = 0;
  static final int PIXELS_CMYK = 11;

  /** {@code TJFLAG_LIMITSCANS}: refuse a file of more than 500 scans, each as dear as the first. */
  static final int LIMIT_SCANS = 32768;

  /** {@code TJERR_WARNING}: the picture was decoded all the same. */
  static final int WARNING = 0;

  private static final Logger LOG = Logger.getLogger(TurboJpeg.class);

  /** Debian's package for programs has only the second. */
  private static final List<String> NAMES = List.of("turbojpeg", "libturbojpeg.so.0");

  // Not in a static initialiser: a native executable's would run while it is built.
  private static boolean sought;
  private static @Nullable String version;

  private TurboJpeg() {}

  /** Whether the library is there. */
  static boolean isAvailable() {
    return load().isPresent();
  }

  /**
   * Finds the library and binds these functions to it; the first call does so.
   *
   * @return what it is, for people; empty if it is not there or is not usable, and then no function
   *     may be called
   */
  static synchronized Optional<String> load() {
    if (!sought) {
      version = find();
      sought = true;
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

  /** A decompressor, for one thread at a time; null if there is no memory. */
  static native @Nullable Pointer tjInitDecompress();

  /** Reads a header; each array takes one number. */
  static native int tjDecompressHeader3(
      Pointer decompressor,
      Pointer jpeg,
      long jpegSize,
      int[] width,
      int[] height,
      int[] subsampling,
      int[] colourspace);

  /** Decodes into {@code pixels}, never more than {@code pitch × height} bytes. */
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

  /** The last message; of several warnings, the first. */
  static native String tjGetErrorStr2(Pointer decompressor);

  /** Of what kind the last message was: {@link #WARNING}, or else an error. */
  static native int tjGetErrorCode(Pointer decompressor);

  static native int tjDestroy(Pointer decompressor);
}
