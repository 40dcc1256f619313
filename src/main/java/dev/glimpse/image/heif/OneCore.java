package dev.glimpse.image.heif;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Holds the calling thread to the processor on which it runs, until {@link #release} on the same
 * thread. libheif 1.15 has no setting for the threads of its AV1 decoder, which starts one for each
 * processor that the calling thread may use: the workers' number would no longer bound what images
 * take. Does nothing where the system is not Linux.
 */
// JNA looks for the native methods by reflection.
@RegisterForReflection
final class OneCore {

  private static final Logger LOG = Logger.getLogger(OneCore.class);

  /** For 8,192 processors; the kernel refuses masks shorter than its own. */
  private static final int MASK_BYTES = 1024;

  private static final int OF_THIS_THREAD = 0;

  // Not in a static initialiser: that of a native executable runs at build time.
  private static @Nullable Boolean available;

  private final @Nullable Memory before;

  private OneCore(@Nullable Memory before) {
    this.before = before;
  }

  /** Holds the calling thread, if the system can. */
  static OneCore take() {
    if (!isAvailable()) {
      return new OneCore(null);
    }
    Memory before = new Memory(MASK_BYTES);
    int processor = sched_getcpu();
    if (processor < 0
        || processor >= MASK_BYTES * Byte.SIZE
        || sched_getaffinity(OF_THIS_THREAD, MASK_BYTES, before) < 0) {
      before.close();
      return new OneCore(null);
    }
    try (Memory one = new Memory(MASK_BYTES)) {
      one.clear();
      one.setByte(processor / Byte.SIZE, (byte) (1 << (processor % Byte.SIZE)));
      sched_setaffinity(OF_THIS_THREAD, MASK_BYTES, one);
    }
    return new OneCore(before);
  }

  /** Lets the calling thread use the processors that it could use before. */
  void release() {
    if (before != null) {
      sched_setaffinity(OF_THIS_THREAD, MASK_BYTES, before);
      before.close();
    }
  }

  private static synchronized boolean isAvailable() {
    Boolean known = available;
    if (known == null) {
      known = load();
      available = known;
    }
    return known;
  }

  private static boolean load() {
    try {
      if (Native.SIZE_T_SIZE == Long.BYTES) { // as declared below
        Native.register(OneCore.class, "c");
        return true;
      }
    } catch (LinkageError e) {
      LOG.debug("Decoders of AVIF may use several processors", e);
    }
    return false;
  }

  /** Returns the number of the processor that runs the calling thread; −1 if it is not known. */
  static native int sched_getcpu();

  /** Writes a bit for each processor that a thread may use; returns −1 if it cannot. */
  static native int sched_getaffinity(int thread, long bytes, Pointer mask);

  /** Reads a bit for each processor that a thread may use; returns −1 if it cannot. */
  static native int sched_setaffinity(int thread, long bytes, Pointer mask);
}
