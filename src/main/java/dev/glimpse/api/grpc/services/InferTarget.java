package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.MessageReader.LENGTH;
import static dev.glimpse.api.grpc.MessageReader.TAG;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.api.grpc.MessageReader;
import dev.glimpse.bytes.Bytes;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Names the model that a {@code ModelInferRequest} is for. It is read before the tensors, which are
 * skipped where they are, as what they mean depends on the model.
 *
 * @param heapBytes of the Java heap that the message takes when its tensors are read: itself, and
 *     the elements that are not raw
 */
record InferTarget(String model, Optional<Integer> version, String id, long heapBytes) {

  private static final int MODEL = 1 << TAG | LENGTH;
  private static final int VERSION = 2 << TAG | LENGTH;
  private static final int ID = 3 << TAG | LENGTH;
  private static final int INPUT = 5 << TAG | LENGTH;

  /** Names are short; what is longer is skipped without being read. */
  private static final int BUFFER_BYTES = 512;

  /**
   * Reads a message.
   *
   * @throws dev.glimpse.failure.ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   */
  static InferTarget read(Bytes message) {
    String[] values = {"", "", ""};
    long[] bytes = {message.length()};
    try (Bytes.Reading reading = message.read()) {
      MessageReader.read(
          InferMessage.NAME,
          CodedInputStream.newInstance(new BufferStream(reading.buffer()), BUFFER_BYTES),
          (tag, in) -> {
            switch (tag) {
              case MODEL -> values[0] = MessageReader.name(in, "model_name");
              case VERSION -> values[1] = MessageReader.name(in, "model_version");
              case ID -> values[2] = MessageReader.name(in, "id");
              case INPUT -> bytes[0] += InputSize.read(in);
              default -> in.skipField(tag);
            }
          });
    }
    return new InferTarget(
        NamedRequest.requireModel(values[0], "model_name"),
        new NamedRequest(values[0], values[1]).number(),
        values[2],
        bytes[0]);
  }

  /**
   * Reads and skips a buffer's bytes. Protobuf's own reader of native buffers needs Unsafe, which
   * does not work in a native executable.
   */
  private static final class BufferStream extends InputStream {

    private final ByteBuffer bytes;

    BufferStream(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return bytes.hasRemaining() ? bytes.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
      int count = Math.min(length, bytes.remaining());
      if (count == 0 && length > 0) {
        return -1;
      }
      bytes.get(to, offset, count);
      return count;
    }

    @Override
    public long skip(long count) {
      int skipped = (int) Math.max(0, Math.min(count, bytes.remaining()));
      bytes.position(bytes.position() + skipped);
      return skipped;
    }
  }
}
