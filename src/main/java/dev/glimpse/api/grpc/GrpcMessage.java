package dev.glimpse.api.grpc;

import dev.glimpse.api.http.ContentCoding;
import dev.glimpse.api.http.GrpcExchange;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes the message out of the body of a request that holds one. */
public final class GrpcMessage {

  private static final int COMPRESSED = 1;

  private GrpcMessage() {}

  /**
   * Returns the message, decompressed if it is compressed. It is closed together with the body.
   *
   * @param encoding how messages are compressed, which is supported; null if they are not
   * @throws ServingException MALFORMED_REQUEST if the body is not exactly one message;
   *     INVALID_PARAMETER if that is compressed, and {@code encoding} does not say how; TOO_LARGE
   *     if it is too large without its compression
   */
  public static Bytes only(Bytes body, @Nullable String encoding, ContentCoding coding) {
    if (body.length() < GrpcExchange.PREFIX_BYTES) {
      throw malformed(
          "holds no message, which begins with %d bytes".formatted(GrpcExchange.PREFIX_BYTES));
    }
    int flag;
    long length;
    try (Bytes.Reading reading = body.read()) {
      ByteBuffer prefix = reading.buffer();
      flag = prefix.get();
      length = Integer.toUnsignedLong(prefix.getInt());
    }
    long there = body.length() - (long) GrpcExchange.PREFIX_BYTES;
    if (length != there) {
      throw malformed(
          "must hold one message, whose length is %d, and %d bytes follow"
              .formatted(length, there));
    }
    Bytes message = body.slice(GrpcExchange.PREFIX_BYTES, (int) there);
    return decoded(message, flag, encoding, coding);
  }

  /**
   * Returns a message without its compression.
   *
   * @param flag the first byte before the message
   * @throws ServingException as {@link #only}
   */
  public static Bytes decoded(
      Bytes message, int flag, @Nullable String encoding, ContentCoding coding) {
    if (flag == 0) {
      return message;
    }
    if (flag != COMPRESSED) {
      throw malformed("must begin with 0, or with 1 if its message is compressed");
    }
    if (encoding == null || encoding.equalsIgnoreCase("identity")) {
      throw ServingException.invalid(
          GrpcExchange.ENCODING, "must say how the message is compressed, which is marked so");
    }
    return coding.decoded(message, encoding);
  }

  private static ServingException malformed(String what) {
    return new ServingException(Failure.MALFORMED_REQUEST, "The body " + what + ".");
  }
}
