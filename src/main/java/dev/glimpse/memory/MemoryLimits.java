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

  private static final long LARGEST_IMAGE = 512 << 20;

  /** As many photos of a phone arrive meanwhile as a usual queue holds, and more. */
  private static final long MOST_BODIES = 512 << 20;

  /** As many of the largest bodies fit at a time, however large they are. */
  private static final int LARGEST_BODIES = 8;

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

  /**
   * Returns the default of {@code glimpse.memory.bodies}. It has a bound of its own, as more bodies
   * than can soon be worked on only keep each other from arriving.
   *
   * @param largest the bytes of the largest body
   */
  public long bodies(long largest) {
    return Math.min(Math.min(heap / 4, total / 8), Math.max(MOST_BODIES, LARGEST_BODIES * largest));
  }

  /** Returns the default of {@code glimpse.memory.work}. */
  public long work() {
    return Math.min(heap / 4, total / 4);
  }

  /** Returns how many bytes of the heap explanations by masks may take between their turns. */
  public long masks() {
    return Math.min(heap / 8, total / 8);
  }

  /**
   * Returns the default of {@code glimpse.image.max-memory}: a worker's share of a quarter. It has
   * a bound of its own, as the time that an image takes grows with its bytes: 170 megapixels of a
   * PNG.
   *
   * @param workers how many images are decoded at a time
   */
  public long image(int workers) {
    return Math.min(total / 4 / workers, LARGEST_IMAGE);
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
