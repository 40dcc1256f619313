package dev.glimpse.memory;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * Says how much memory this process may take.
 *
 * @param heap the most bytes of the Java heap
 * @param total the bytes of the container, or of the machine if that has fewer
 */
public record MemoryLimits(long heap, long total) {

  /** Reads the limits of this process. */
  public static MemoryLimits read() {
    return of(new ContainerMemory(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup")));
  }

  static MemoryLimits of(ContainerMemory container) {
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long memory = machine.getTotalMemorySize();
    return new MemoryLimits(
        Runtime.getRuntime().maxMemory(), Math.min(memory, container.limit().orElse(memory)));
  }

  /** Returns the default of {@code glimpse.memory.bodies}. */
  public long bodies() {
    return Math.min(heap / 4, total / 8);
  }

  /** Returns the default of {@code glimpse.memory.work}. */
  public long work() {
    return Math.min(heap / 4, total / 4);
  }

  /**
   * Returns how many bytes of native memory decoded images may take, by default: the quarter that
   * is left to native memory, without the bodies in it.
   *
   * @param bodies how many bytes bodies may take
   */
  public long pixels(long bodies) {
    return Math.max(total / 4 - bodies, total / 8);
  }
}
