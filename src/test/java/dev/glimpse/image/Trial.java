package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.glimpse.failure.ServingException;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * Holds the outcome of decoding untrusted bytes.
 *
 * @param pixels the image, already closed; empty if it was refused
 * @param refusal why it was refused; empty if it was decoded
 * @param millis CPU time, which does not depend on other programs
 * @param allocated bytes of heap that the thread allocated, whether or not they were kept
 */
record Trial(
    Optional<Pixels> pixels, Optional<ServingException> refusal, long millis, long allocated) {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Decodes; throws any exception other than a {@link ServingException}. */
  static Trial of(ImageDecoder decoder, byte[] bytes) {
    Optional<Pixels> pixels = Optional.empty();
    Optional<ServingException> refusal = Optional.empty();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    long start = THREADS.getCurrentThreadCpuTime();
    try (Pixels decoded = decoder.decode(bytes)) {
      pixels = Optional.of(decoded);
    } catch (ServingException e) {
      refusal = Optional.of(e);
    }
    long millis = (THREADS.getCurrentThreadCpuTime() - start) / 1_000_000;
    return new Trial(pixels, refusal, millis, THREADS.getCurrentThreadAllocatedBytes() - before);
  }

  /** Returns the HTTP status of the answer. */
  int status() {
    return refusal.map(e -> e.failure().status()).orElse(200);
  }

  /**
   * Checks what must hold for any bytes.
   *
   * @param what names the bytes in a message
   * @param maxPixels the limit that the decoder was given
   * @param maxMillis how long it may take
   */
  void assertHarmless(String what, long maxPixels, long maxMillis) {
    assertThat(status()).as(what).isIn(200, 413, 415, 422);
    refusal.ifPresent(e ->
        assertThat(e.detail())
            .as(what)
            .matches("(?s)[A-Z].*\\.")
            .doesNotContain("Exception", "javax", "java.", "null"));
    pixels.ifPresent(
        p -> assertThat((long) p.width() * p.height()).as(what).isBetween(1L, maxPixels));
    assertThat(millis).as("%s: milliseconds", what).isLessThanOrEqualTo(maxMillis);
  }
}
