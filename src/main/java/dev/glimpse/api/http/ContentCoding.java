package dev.glimpse.api.http;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Bodies that were compressed for their way, as {@code Content-Encoding} says. */
@ApplicationScoped
public class ContentCoding {

  private final int maxBytes;

  ContentCoding(GlimpseConfig config) {
    this.maxBytes = (int) Math.min(config.image().maxBytes().asLongValue(), Integer.MAX_VALUE - 8);
  }

  /**
   * The body as it was before. Takes as long as unpacking takes; any thread may call it.
   *
   * @param encoding the header; null: none
   * @throws ServingException UNSUPPORTED_MEDIA_TYPE if it is another encoding than gzip or deflate,
   *     MALFORMED_REQUEST if the body is not so encoded, TOO_LARGE if it is larger than {@code
   *     glimpse.image.max-bytes}
   */
  public byte[] decoded(byte[] body, @Nullable String encoding) {
    String coding = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
    if (coding.isEmpty() || coding.equals("identity")) {
      return body;
    }
    try (InputStream bytes = unpacking(body, coding)) {
      byte[] unpacked = bytes.readNBytes(maxBytes);
      if (bytes.read() >= 0) {
        throw new ServingException(
            Failure.TOO_LARGE,
            "The body unpacks to more than " + maxBytes + " bytes, the most that is read.");
      }
      return unpacked;
    } catch (IOException e) {
      throw new ServingException(
          Failure.MALFORMED_REQUEST, "The body is not " + coding + ", as its header says.", e);
    }
  }

  private static InputStream unpacking(byte[] body, String coding) throws IOException {
    InputStream packed = new ByteArrayInputStream(body);
    return switch (coding) {
      case "gzip", "x-gzip" -> new GZIPInputStream(packed, 8192);
      case "deflate" -> new InflaterInputStream(packed);
      default ->
          throw new ServingException(
              Failure.UNSUPPORTED_MEDIA_TYPE, "A body may be encoded as gzip or deflate only.");
    };
  }
}
