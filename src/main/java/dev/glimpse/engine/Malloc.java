package dev.glimpse.engine;

import com.sun.jna.NativeLibrary;
import org.jboss.logging.Logger;

/** Controls the C library's heap, in which ONNX Runtime keeps graphs and weights. */
final class Malloc {

  private static final Logger LOG = Logger.getLogger(Malloc.class);

  private Malloc() {}

  /**
   * Returns freed memory to the system. glibc keeps it for later allocations, but what loading a
   * graph needed is not needed again. Takes some milliseconds, during which other threads may wait
   * for memory; see <a
   * href="https://man7.org/linux/man-pages/man3/malloc_trim.3.html">malloc_trim(3)</a>. Does
   * nothing with other C libraries, which have no such function.
   *
   * @return whether any memory was returned
   */
  static boolean trim() {
    try {
      return NativeLibrary.getProcess().getFunction("malloc_trim").invokeInt(new Object[] {0}) == 1;
    } catch (LinkageError e) {
      LOG.debugf("Freed memory is not returned to the system: %s", e.getMessage());
      return false;
    }
  }
}
