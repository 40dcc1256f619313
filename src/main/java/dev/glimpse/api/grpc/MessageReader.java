package dev.glimpse.api.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads messages in <a href="https://protobuf.dev/programming-guides/encoding/">protobuf</a>, field
 * by field. Fields that are not known are skipped, as are those of another wire type.
 */
public final class MessageReader {

  /** The low bits of a tag: a field with its length, such as a string or a message. */
  public static final int LENGTH = WireFormat.WIRETYPE_LENGTH_DELIMITED;

  /** The low bits of a tag: an integer of variable length. */
  public static final int VARINT = WireFormat.WIRETYPE_VARINT;

  /** The tag of a field is its number, shifted by so many bits, and its wire type. */
  public static final int TAG = 3;

  /** Names, versions and ids are short; failures, logs and responses repeat them. */
  private static final int MOST_NAME_BYTES = 256;

  private MessageReader() {}

  /** Reads a field's value, or {@linkplain CodedInputStream#skipField skips} it. */
  @FunctionalInterface
  public interface Fields {

    /**
     * Reads the value after a tag.
     *
     * @param tag the field's number and wire type
     */
    void read(int tag, CodedInputStream in) throws IOException;
  }

  /**
   * Reads a whole message.
   *
   * @param name the message's, for errors
   * @throws ServingException MALFORMED_REQUEST if it is not protobuf
   */
  public static void read(String name, CodedInputStream in, Fields fields) {
    try {
      rest(in, fields);
    } catch (InvalidProtocolBufferException e) {
      throw new ServingException(
          Failure.MALFORMED_REQUEST, "The message is not a %s in protobuf.".formatted(name), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a message that is the value of a field, whose tag has been read. */
  public static void nested(CodedInputStream in, Fields fields) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    rest(in, fields);
    in.popLimit(limit);
  }

  /**
   * Reads a name, a version or an id.
   *
   * @param field its own name, for errors
   * @throws ServingException INVALID_PARAMETER if it is longer than 256 bytes
   */
  public static String name(CodedInputStream in, String field) throws IOException {
    int length = in.readRawVarint32();
    if (length < 0 || length > MOST_NAME_BYTES) {
      throw ServingException.invalid(
          field, "must have at most %d bytes".formatted(MOST_NAME_BYTES));
    }
    return new String(in.readRawBytes(length), StandardCharsets.UTF_8);
  }

  private static void rest(CodedInputStream in, Fields fields) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_END_GROUP) {
        in.checkLastTagWas(0); // fails, as no group has begun
      }
      fields.read(tag, in);
    }
  }
}
