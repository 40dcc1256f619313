package dev.glimpse.api.http;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.RequestMemory;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decompresses bodies that are compressed as {@code Content-Encoding} says. */
@ApplicationScoped
public class ContentCoding {

  /** The value of {@code Accept-Encoding} in an answer to another coding. */
  static final String ACCEPTED = "gzip, deflate";

  /**
   * How many bytes one byte decompresses to at most; see <a
   * href="https://zlib.net/zlib_tech.html">zlib's technical details</a>.
   */
  static final long MAX_COMPRESSION_RATIO = 1032;

  private static final Set<String> GZIP = Set.of("gzip", "x-gzip");
  private static final String DEFLATE = "deflate";

  private final int maxBytes;

  ContentCoding(GlimpseConfig config, RequestMemory memory) {
    long most = Math.min(config.image().maxBytes().asLongValue(), memory.mostParsed());
    this.maxBytes = (int) Math.min(most, Integer.MAX_VALUE - 8);
  }

  /** Tells whether a request's body is sent as it is. */
  static boolean isIdentity(HttpServerRequest request) {
    String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    return coding == null || coding.isBlank() || coding.strip().equalsIgnoreCase("identity");
  }

  /**
   * Checks that a body can be decompressed, before it is read.
   *
   * @param encoding the header; null if it is missing
   * @throws ServingException UNSUPPORTED_MEDIA_TYPE if it names another coding than gzip or
   *     deflate, or several
   */
  static void requireSupported(@Nullable String encoding) {
    String coding = coding(encoding);
    if (!coding.isEmpty() && !GZIP.contains(coding) && !coding.equals(DEFLATE)) {
      throw new ServingException(
          Failure.UNSUPPORTED_MEDIA_TYPE,
          "The Content-Encoding \"%s\" is not supported; send the body in gzip, in deflate or as it is."
              .formatted(coding));
    }
  }

  /**
   * Returns the body without its coding; closes it, if it has one. Takes as long as decompression
   * takes; any thread may call it.
   *
   * @param encoding the header, which is supported; null if it is missing
   * @throws ServingException MALFORMED_REQUEST if the body is not so encoded, TOO_LARGE if it is
   *     larger than {@code glimpse.image.max-bytes}, or than there is memory for on the heap
   */
  Bytes decoded(Bytes body, @Nullable String encoding) {
    String coding = coding(encoding);
    if (coding.isEmpty()) {
      return body;
    }
    byte[] packed = body.takeArray();
    try (InputStream bytes =
        GZIP.contains(coding) ? InflatedStream.gzip(packed) : InflatedStream.deflate(packed)) {
      byte[] decompressed = bytes.readNBytes(maxBytes);
      if (bytes.read() >= 0) {
        throw new ServingException(
            Failure.TOO_LARGE,
            "The body decompresses to more than %d bytes, the most that is read; send it as it is."
                .formatted(maxBytes));
      }
      return Bytes.of(decompressed);
    } catch (IOException e) {
      throw new ServingException(
          Failure.MALFORMED_REQUEST, "The body is not " + coding + ", as its header says.", e);
    }
  }

  /** Returns the coding in lower case; empty if the body is not encoded. */
  private static String coding(@Nullable String encoding) {
    String coding = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
    return coding.equals("identity") ? "" : coding;
  }
}
