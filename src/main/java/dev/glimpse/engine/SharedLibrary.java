package dev.glimpse.engine;

import com.sun.jna.NativeLibrary;
import dev.glimpse.failure.Causes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what is wrong with a shared library. */
final class SharedLibrary {

  /** The whole message in an executable, which does not pass on the linker's words. */
  private static final Pattern UNEXPLAINED = Pattern.compile("^Can't load library: ([^:]+)$");

  private static final int HEADER = 64;
  private static final int MAGIC = 0x7f454c46;
  private static final int CLASS = 4;
  private static final int BYTE_ORDER = 5;
  private static final int SECTIONS = 0x28;
  private static final int SECTION_SIZE = 0x3a;
  private static final int SECTION_COUNT = 0x3c;

  private SharedLibrary() {}

  /**
   * Checks that no part of a library in ELF's 64-bit form is missing: the linker would crash.
   *
   * @throws PlatformException if its end is missing, where the sections are listed
   */
  static void requireWhole(Path library) {
    try (InputStream in = Files.newInputStream(library)) {
      if (end(ByteBuffer.wrap(in.readNBytes(HEADER))) > Files.size(library)) {
        throw new PlatformException(
            "The shared library %s is damaged or incomplete; install it again.".formatted(library));
      }
    } catch (IOException e) {
      // Loading it says more.
    }
  }

  /** Returns where the file has to end; 0 if its form is another. */
  private static long end(ByteBuffer head) {
    return head.limit() == HEADER
            && head.getInt(0) == MAGIC
            && head.get(CLASS) == 2
            && head.get(BYTE_ORDER) == 1
        ? endOfSections(head.order(ByteOrder.LITTLE_ENDIAN))
        : 0;
  }

  private static long endOfSections(ByteBuffer head) {
    return head.getLong(SECTIONS)
        + (long) Short.toUnsignedInt(head.getShort(SECTION_SIZE))
            * Short.toUnsignedInt(head.getShort(SECTION_COUNT));
  }

  /** Returns the linker's reason for a failure if JNA can tell it; the failure itself if not. */
  static Throwable explained(Throwable failure) {
    return Causes.of(failure)
        .map(cause -> UNEXPLAINED.matcher(String.valueOf(cause.getMessage())))
        .filter(Matcher::find)
        .findFirst()
        .map(library -> reason(library.group(1), failure))
        .orElse(failure);
  }

  private static Throwable reason(String library, Throwable failure) {
    try {
      NativeLibrary.getInstance(library).close();
      return failure;
    } catch (LinkageError e) {
      return e;
    }
  }
}
