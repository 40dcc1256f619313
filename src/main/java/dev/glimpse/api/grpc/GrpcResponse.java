package dev.glimpse.api.grpc;

import dev.glimpse.api.http.GrpcExchange;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Writes responses of gRPC: messages, and then the status in the trailers; or in the headers, if
 * there is no message. To be called on the request's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure ends the stream, which is noticed
public final class GrpcResponse {

  private static final String STATUS = "grpc-status";
  private static final String MESSAGE = "grpc-message";
  private static final String DETAILS = "grpc-status-details-bin";
  private static final String RETRY_MILLIS = "grpc-retry-pushback-ms";

  private static final int MOST_SENTENCE_BYTES = 768;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private GrpcResponse() {}

  /** Writes a message; more may follow. */
  public static void write(HttpServerResponse response, byte[] framed) {
    begin(response);
    response.write(Buffer.buffer(framed));
  }

  /** Writes the only message, and ends the call well. */
  public static void end(HttpServerResponse response, byte[] framed) {
    begin(response);
    response.putTrailer(STATUS, Integer.toString(GrpcStatus.OK.code()));
    response.end(Buffer.buffer(framed));
  }

  /** Ends a call well that has had its messages. */
  public static void end(HttpServerResponse response) {
    fail(response, GrpcStatus.OK, "", new byte[0], 0);
  }

  /**
   * Ends a call.
   *
   * @param message for people; may be empty
   * @param details a {@code google.rpc.Status}; none if it is empty
   * @param retryAfter seconds after which the client may try again; 0: not known
   */
  public static void fail(
      HttpServerResponse response,
      GrpcStatus status,
      String message,
      byte[] details,
      int retryAfter) {
    boolean begun = response.headWritten();
    if (!begun) {
      begin(response);
    }
    MultiMap fields = begun ? response.trailers() : response.headers();
    fields.set(STATUS, Integer.toString(status.code()));
    if (!message.isEmpty()) {
      fields.set(MESSAGE, percentEncoded(shortened(message)));
    }
    if (details.length > 0) {
      fields.set(DETAILS, Base64.getEncoder().withoutPadding().encodeToString(details));
    }
    if (retryAfter > 0) {
      fields.set(RETRY_MILLIS, Long.toString(retryAfter * 1000L));
    }
    response.end();
  }

  private static void begin(HttpServerResponse response) {
    if (!response.headWritten()) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, "application/grpc");
      response.putHeader(GrpcExchange.ACCEPT_ENCODING, "identity,gzip,deflate");
    }
  }

  /**
   * Returns a sentence that fits into a header, even if each of its bytes has to be escaped: some
   * clients take 8 kB of headers altogether.
   */
  static String shortened(String sentence) {
    int bytes = 0;
    for (int at = 0; at < sentence.length(); ) {
      int character = sentence.codePointAt(at);
      bytes += Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MOST_SENTENCE_BYTES) {
        return sentence.substring(0, at) + "…";
      }
      at += Character.charCount(character);
    }
    return sentence;
  }

  /** Escapes what is no printable ASCII, and the percent sign, byte by byte of UTF-8. */
  static String percentEncoded(String message) {
    StringBuilder encoded = new StringBuilder();
    for (byte character : message.getBytes(StandardCharsets.UTF_8)) {
      if (character >= ' ' && character <= '~' && character != '%') {
        encoded.append((char) character);
      } else {
        encoded
            .append('%')
            .append(HEX.toHighHexDigit(character))
            .append(HEX.toLowHexDigit(character));
      }
    }
    return encoded.toString();
  }
}
