package dev.glimpse.config;

import io.quarkus.runtime.configuration.MemorySize;
import java.util.Optional;

/** How much memory requests may take together. */
public interface MemoryConfig {

  /**
   * Memory for bodies, from the first byte until the request ends, downloads included. A request
   * that finds none left waits as long as for a worker, without being read, and is then answered
   * with 503. Left out: a quarter of the heap, or an eighth of the container's or the machine's
   * memory if that is less. Raise it where there is memory for more large bodies; lower it when
   * other programs need the memory.
   */
  Optional<MemorySize> bodies();

  /**
   * Memory on the Java heap for what workers parse and decode; a worker that finds none left waits
   * for the others. Left out: a quarter of the heap, or of the container's or the machine's memory
   * if that is less. Raise it for large PNG or TIFF images.
   */
  Optional<MemorySize> work();
}
