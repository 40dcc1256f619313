package dev.glimpse.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.glimpse.bytes.Bytes.Reading;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BytesTest {

  private final AtomicInteger released = new AtomicInteger();

  @Test
  void anArrayIsNotCopied() {
    byte[] array = {1, 2, 3};
    Bytes bytes = Bytes.of(array);

    assertThat(bytes.toArray()).isSameAs(array);
    bytes.close();
    assertThat(bytes.takeArray()).isSameAs(array);
    assertThat(bytes.slice(1, 2).toArray()).containsExactly(2, 3);
  }

  @Test
  void nativeMemoryIsReleasedOnce() {
    Bytes bytes = ofNative(1, 2, 3);
    Bytes part = bytes.slice(1, 2);

    assertThat(part.takeArray()).containsExactly(2, 3);
    bytes.close();
    bytes.closer().run();

    assertThat(released).hasValue(1);
  }

  @Test
  void nativeMemoryStaysWhileItIsRead() {
    Bytes bytes = ofNative(1, 2, 3);
    Reading first = bytes.read();
    Reading second = bytes.slice(0, 1).read();
    bytes.close();
    first.close();
    first.close();
    assertThat(second.buffer().get(0)).isEqualTo((byte) 1);
    assertThat(released).hasValue(0);

    second.close();
    assertThat(released).hasValue(1);
  }

  @Test
  void nothingIsReadAfterTheRelease() {
    Bytes bytes = ofNative(1, 2, 3);
    Bytes part = bytes.slice(1, 2);
    bytes.close();

    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(bytes::read);
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(part::toArray);
  }

  /** The memory is lent to others at once, so that it must not be released under a reader. */
  @Test
  void readersAndOwnersOfManyThreads() throws Exception {
    for (int trial = 0; trial < 500; trial++) {
      AtomicInteger releases = new AtomicInteger();
      ByteBuffer memory = ByteBuffer.allocateDirect(8).putLong(0, 1);
      Bytes bytes =
          Bytes.ofNative(
              memory,
              () -> {
                memory.putLong(0, 2);
                releases.incrementAndGet();
              });
      AtomicInteger spoiled = new AtomicInteger();
      CountDownLatch start = new CountDownLatch(1);
      Thread[] threads = new Thread[4];
      for (int i = 0; i < threads.length; i++) {
        boolean owner = i == 0;
        threads[i] = new Thread(() -> use(bytes, owner, start, spoiled));
        threads[i].start();
      }
      start.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(spoiled).hasValue(0);
      assertThat(releases).hasValue(1);
    }
  }

  private static void use(Bytes bytes, boolean owner, CountDownLatch start, AtomicInteger spoiled) {
    try {
      start.await();
      if (owner) {
        bytes.close();
        return;
      }
      try (Reading reading = bytes.read()) {
        spoiled.addAndGet(reading.buffer().getLong(0) == 1 ? 0 : 1);
      }
    } catch (IllegalStateException e) {
      // closed before
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Bytes ofNative(int... values) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(values.length + 1);
    for (int value : values) {
      buffer.put((byte) value);
    }
    return Bytes.ofNative(buffer.flip(), released::incrementAndGet);
  }
}
