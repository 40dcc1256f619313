package dev.glimpse.api.http;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.RequestMemory;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
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

  @Inject
  ContentCoding(GlimpseConfig config, RequestMemory memory) {
    long most = Math.min(config.image().maxBytes().asLongValue(), memory.mostParsed());
    this.maxBytes = (int) Math.min(most, Integer.MAX_VALUE - 8);
  }

  private ContentCoding(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Returns one that decompresses to no more than so many bytes. */
  public ContentCoding atMost(int bytes) {
    return new ContentCoding(Math.min(bytes, maxBytes));
  }

  /** Tells whether a request's body, or of gRPC its messages, are sent as they are. */
  static boolean isIdentity(HttpServerRequest request) {
    return coding(of(request)).isEmpty();
  }

  /** Returns the header that names the coding of a request's body; null if it is missing. */
  static @Nullable String of(HttpServerRequest request) {
    return request.getHeader(
        GrpcExchange.is(request) ? GrpcExchange.ENCODING : HttpHeaders.CONTENT_ENCODING.toString());
  }

  /**
   * Checks that a body can be decompressed, before it is read.
   *
   * @throws ServingException UNSUPPORTED_MEDIA_TYPE if its header names another coding than gzip or
   *     deflate, or several
   */
  public static void requireSupported(HttpServerRequest request) {
    String encoding = of(request);
    if (!isSupported(encoding)) {
      throw new ServingException(
          Failure.UNSUPPORTED_MEDIA_TYPE,
          "The %s \"%s\" is not supported; send the body in gzip, in deflate or as it is."
              .formatted(
                  GrpcExchange.is(request) ? GrpcExchange.ENCODING : "Content-Encoding",
                  coding(encoding)));
    }
  }

  /**
   * Returns whether a body can be decompressed.
   *
   * @param encoding the header; null if it is missing
   */
  public static boolean isSupported(@Nullable String encoding) {
    String coding = coding(encoding);
    return coding.isEmpty() || GZIP.contains(coding) || coding.equals(DEFLATE);
  }

  /**
   * Returns the body without its coding; closes it, if it has one. Takes as long as decompression
   * takes; any thread may call it.
   *
   * @param encoding the header, which is supported; null if it is missing
   * @throws ServingException MALFORMED_REQUEST if the body is not so encoded, TOO_LARGE if it is
   *     larger than {@code glimpse.image.max-bytes}, or than there is memory for on the heap
   */
  public Bytes decoded(Bytes body, @Nullable String encoding) {
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

  /** Returns the most bytes that so many compressed ones are decompressed to. */
  public long most(long compressed) {
    return Math.min(MAX_COMPRESSION_RATIO * compressed, maxBytes);
  }

  /** Returns the coding in lower case; empty if the body is not encoded. */
  private static String coding(@Nullable String encoding) {
    String coding = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
    return coding.equals("identity") ? "" : coding;
  }
}
