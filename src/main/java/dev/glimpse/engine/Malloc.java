package dev.glimpse.engine;

import com.sun.jna.NativeLibrary;
import org.jboss.logging.Logger;

/** The C library's memory, in which ONNX Runtime keeps graphs and weights. */
final class Malloc {

  private static final Logger LOG = Logger.getLogger(Malloc.class);

  private Malloc() {}

  /**
   * Gives back to the system what has been freed. glibc's keeps it for the next that asks, and what
   * was needed to load a graph is asked for never again. Takes some milliseconds, in which other
   * threads may wait for memory; see <a
   * href="https://man7.org/linux/man-pages/man3/malloc_trim.3.html">malloc_trim(3)</a>. Other C
   * libraries have no such function, and nothing is done.
   *
   * @return whether something was given back
   */
  static boolean trim() {
    try {
      return NativeLibrary.getProcess().getFunction("malloc_trim").invokeInt(new Object[] {0}) == 1;
    } catch (LinkageError e) {
      LOG.debugf("No memory is given back: %s", e.getMessage());
      return false;
    }
  }
}
