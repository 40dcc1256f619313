package dev.glimpse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells what is connected to this process. */
final class Terminal {

  private Terminal() {}

  /** Returns whether standard output is a terminal; false on systems other than Linux. */
  static boolean isOutput() {
    return is(1);
  }

  /** Returns whether standard error is a terminal; false on systems other than Linux. */
  static boolean isError() {
    return is(2);
  }

  private static boolean is(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
