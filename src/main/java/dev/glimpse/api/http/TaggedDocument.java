package dev.glimpse.api.http;

import dev.glimpse.digest.Sha256;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Holds a document, plain and compressed, and its entity tag. The buffers are shared by all
 * responses, which do not change them.
 *
 * @param hash identifies the content, in hexadecimal
 */
record TaggedDocument(Buffer plain, Buffer gzip, String hash) {

  private static final int HASH_BYTES = 16;

  static TaggedDocument of(byte[] bytes) {
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
