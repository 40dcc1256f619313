package dev.glimpse.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
