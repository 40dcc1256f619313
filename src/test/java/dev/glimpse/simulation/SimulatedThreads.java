package dev.glimpse.simulation;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Makes threads: virtual ones where the JVM has them, from Java 21 on, as taking turns costs these
 * about half the processor time. A seed's run is the same with either.
 */
final class SimulatedThreads {

  /** What {@code Thread.ofVirtual()} returns; null before Java 21. */
  private static final @Nullable Object VIRTUAL = virtual();

  private SimulatedThreads() {}

  private static @Nullable Object virtual() {
    try {
      return Thread.class.getMethod("ofVirtual").invoke(null);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /** Makes a thread that has not started, and that does not keep the JVM from ending. */
  static Thread make(String name, Runnable work) {
    if (VIRTUAL != null) {
      return unstarted(VIRTUAL, work);
    }
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private static Thread unstarted(Object builder, Runnable work) {
    try {
      Method unstarted =
          Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
      return (Thread) unstarted.invoke(builder, work);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
