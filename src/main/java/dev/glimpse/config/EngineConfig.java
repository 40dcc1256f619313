package dev.glimpse.config;

import io.smallrye.config.WithDefault;

/** How models are run. */
public interface EngineConfig {

  /**
   * Whether ONNX Runtime keeps the memory of its runs for later ones, in an arena that never
   * shrinks. {@code false} leaves that to malloc, at the same speed: glibc then keeps less after
   * large batches, and more after single images. With {@code MALLOC_MMAP_THRESHOLD_=1048576} in the
   * environment too, it returns the memory of each run to the system, and a run takes two thirds
   * longer. MobileNetV2, two workers, the whole process after 200 single images: 259 MiB with the
   * arena, 340 to 410 without, 223 with the variable. Its weights and runs alone after batches of
   * 16: 390, 110 and 40 MiB.
   */
  @WithDefault("true")
  boolean arena();
}
