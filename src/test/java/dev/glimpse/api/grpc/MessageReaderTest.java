package dev.glimpse.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {

  private static void read(String hex) {
    byte[] message = HexFormat.of().parseHex(hex);
    MessageReader.read(
        "Message",
        CodedInputStream.newInstance(message),
        (tag, in) -> {
          if (tag == (1 << MessageReader.TAG | MessageReader.LENGTH)) {
            MessageReader.nested(in, (inner, value) -> value.skipField(inner));
          } else {
            in.skipField(tag);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0c", // the end of a group that has not begun
        "0a010c", // within a message
        "0b", // a group without an end
        "0b14", // a group that ends as another
        "0e00", // a wire type that does not exist
        "00", // field 0
        "0a05ff", // longer than what holds it
        "0affffffff0f", // a negative length
        "ffffffffffffffffffffff01", // a tag that does not end
      })
  void whatIsNotProtobufIsRefused(String hex) {
    assertThatThrownBy(() -> read(hex))
        .isInstanceOfSatisfying(
            ServingException.class,
            e -> assertThat(e.failure()).isEqualTo(Failure.MALFORMED_REQUEST));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0a00", "0b08010c", "0a040b08010c", "7a03000000"})
  void unknownFieldsAndGroupsAreSkipped(String hex) {
    read(hex);
  }
}
