package dev.glimpse.api.http;

import dev.glimpse.digest.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Holds a document, plain and compressed, and its entity tag, and answers requests with it. The
 * buffers are shared by all responses, which do not change them.
 *
 * @param hash identifies the content, in hexadecimal
 */
public record TaggedDocument(Buffer plain, Buffer gzip, String hash) {

  private static final int HASH_BYTES = 16;

  /** Compresses a document, which takes some milliseconds. */
  public static TaggedDocument of(byte[] bytes) {
    byte[] hash = Arrays.copyOf(Sha256.of(bytes), HASH_BYTES);
    return new TaggedDocument(
        Buffer.buffer(bytes), Buffer.buffer(compressed(bytes)), HexFormat.of().formatHex(hash));
  }

  private static byte[] compressed(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // cannot happen, in memory
    }
    return compressed.toByteArray();
  }

  /**
   * Answers a GET or HEAD request with the document, compressed if the client accepts gzip, or with
   * 304 if it has the document already.
   *
   * @param mediaType with its charset
   * @param vary the request's headers that chose the document, {@code Accept-Encoding} included
   */
  public void answer(RoutingContext context, String mediaType, String vary) {
    HttpServerRequest request = context.request();
    String codings = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
    boolean compressed = codings != null && AcceptHeader.of(codings).named("gzip") > 0;
    HttpServerResponse response =
        context
            .response()
            .putHeader(HttpHeaders.VARY, vary)
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
            .putHeader(HttpHeaders.ETAG, tag(compressed));
    if (matches(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, mediaType);
    if (compressed) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      int length = bytes(compressed).length();
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(length)).end();
    } else {
      response.end(bytes(compressed));
    }
  }

  Buffer bytes(boolean compressed) {
    return compressed ? gzip : plain;
  }

  /** Returns the entity tag; each representation has its own. */
  String tag(boolean compressed) {
    return '"' + hash + (compressed ? "-gzip" : "") + '"';
  }

  /** Returns whether a client that sends this {@code If-None-Match} has the document already. */
  boolean matches(@Nullable String ifNoneMatch) {
    return ifNoneMatch != null
        && (ifNoneMatch.strip().equals("*")
            || ifNoneMatch.contains(tag(false))
            || ifNoneMatch.contains(tag(true)));
  }
}
