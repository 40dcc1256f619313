package dev.glimpse.api.grpc.services;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.bytes.Bytes;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Names the model that a {@code ModelInferRequest} is for. It is read before the tensors, which are
 * skipped where they are, as what they mean depends on the model.
 */
record InferTarget(String model, Optional<Integer> version) {

  /** Names are short; what is longer is skipped without being read. */
  private static final int BUFFER_BYTES = 512;

  /**
   * Reads a message.
   *
   * @throws dev.glimpse.failure.ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   */
  static InferTarget read(Bytes message) {
    try (Bytes.Reading reading = message.read()) {
      NamedRequest request =
          NamedRequest.read(
              InferMessage.NAME,
              CodedInputStream.newInstance(new BufferStream(reading.buffer()), BUFFER_BYTES));
      return new InferTarget(
          NamedRequest.requireModel(request.name(), "model_name"), request.number());
    }
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
