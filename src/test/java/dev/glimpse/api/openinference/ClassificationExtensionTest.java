package dev.glimpse.api.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassificationExtensionTest {

  /** Little-endian; the greatest of an unsigned type would be below nought if it were signed. */
  @ParameterizedTest
  @CsvSource({
    "UINT8, 01 ff 7f, 255:1 127:2",
    "INT8, 01 ff 7f, 127:2 1:0",
    "UINT16, 0100 ffff ff7f, 65535:1 32767:2",
    "UINT32, 01000000 ffffffff ffffff7f, 4294967295:1 2147483647:2",
    "UINT64, 0100000000000000 ffffffffffffffff ffffffffffffff7f,"
        + " 18446744073709551615:1 9223372036854775807:2",
    "INT64, 0000000100000000 0100000100000000 0200000100000000, 16777218:2 16777217:1",
    "INT64, 0000000100000000 0100000100000000 ffffffffffffffff, 16777217:1 16777216:0",
    "BF16, 803f 8040 c0bf, 4.0:1 1.0:0",
    "FP16, 003c 0044 00be, 4.0:1 1.0:0",
    "FP32, 0000803f cdcc8c3f 00000000, 1.1:1 1.0:0",
    "FP64, 000000000000f03f 9a9999999999f13f 0000000000000000, 1.1:1 1.0:0",
    "BOOL, 00 01 00, 1:1 0:0",
  })
  void valuesAreRankedAndWrittenAsTheirTypeHasThem(Datatype type, String hex, String expected) {
    ByteBuffer data = ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    Tensor output =
        new Tensor(
            new TensorSpec("out", type.onnx(), List.of(1L, 3L)),
            data.order(ByteOrder.LITTLE_ENDIAN));
    assertThat(ClassificationExtension.of(output, 2, DeclaredModels.ofTensors()).strings())
        .extracting(text -> new String(text, StandardCharsets.UTF_8))
        .containsExactly(expected.split(" "));
  }
}
