package dev.glimpse.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivingBytesTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0, -1",
    "1, 1",
    "100, -1",
    "65536, 65536",
    "65537, 65537",
    "300000, 300000",
    "300000, -1",
    "300000, 10000000000", // who announces more than arrives
    "300000, 70000", // or less, which HTTP's parser does not let through
  })
  void isWhatArrived(int length, long announced) {
    byte[] sent = new byte[length];
    new Random(length).nextBytes(sent);
    for (int step : new int[] {1000, 8192, 65536, 1 << 20}) {
      NativeBlocks blocks = new NativeBlocks(1 << 20);
      ArrivingBytes gathered = new ArrivingBytes(blocks, announced);
      for (int from = 0; from < length; from += step) {
        gathered.append(ByteBuffer.wrap(sent).slice(from, Math.min(step, length - from)));
      }
      assertThat(gathered.length()).isEqualTo(length);
      Bytes bytes = gathered.take();
      assertThat(bytes.toArray()).isEqualTo(sent);
      assertThat(bytes.isNative()).isEqualTo(length > ArrivingBytes.FIRST_BYTES);
      bytes.close();
      assertThat(blocks.lent()).isZero();
    }
  }

  /** As thousands of clients send them who mean no good. */
  @Test
  void theBeginningOfABodyTakesLittleMemory() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    NativeBlocks blocks = new NativeBlocks(1 << 20);
    long before = threads.getCurrentThreadAllocatedBytes();
    for (long announced : new long[] {-1, 5000, 65_536, 1 << 20}) {
      for (int i = 0; i < 100; i++) {
        new ArrivingBytes(blocks, announced).append(ByteBuffer.wrap(new byte[5]));
      }
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(400 * 1024);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLengthAnnouncedByTheFirstBytesIsAsGoodAsOneBefore(boolean afterSome) {
    int whole = 1 << 20;
    byte[] sent = new byte[whole];
    new Random(7).nextBytes(sent);
    NativeBlocks blocks = new NativeBlocks(1 << 20);
    ArrivingBytes gathered = new ArrivingBytes(blocks, -1);
    int first = afterSome ? 3 : 0;
    gathered.append(ByteBuffer.wrap(sent, 0, first));
    gathered.announce(whole);
    int small = ArrivingBytes.FIRST_BYTES + 1;
    gathered.append(ByteBuffer.wrap(sent, first, small));

    assertThat(gathered.bytesToAppend(whole - first - small)).isEqualTo(whole);
    gathered.append(ByteBuffer.wrap(sent, first + small, whole - first - small));
    Bytes bytes = gathered.take();
    assertThat(bytes.toArray()).isEqualTo(sent);
    bytes.close();
    assertThat(blocks.lent()).isZero();
  }
}
