package dev.glimpse.remote;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A response's body on its way into memory, as much as may be and no more. */
final class BoundedBody {

  private final HttpClientResponse response;
  private final long maxBytes;
  private final CompletableFuture<byte[]> result;

  BoundedBody(HttpClientResponse response, long maxBytes, CompletableFuture<byte[]> result) {
    this.response = response;
    this.maxBytes = maxBytes;
    this.result = result;
  }

  /** To be called when the response's head is there, on its event loop. */
  void begin() {
    if (!isImage(response.getHeader(HttpHeaders.CONTENT_TYPE)) || isEncoded()) {
      result.completeExceptionally(Refusals.notAnImage());
      return;
    }
    if (announced() > maxBytes) {
      result.completeExceptionally(Refusals.tooLarge(maxBytes));
      return;
    }
    Buffer bytes = Buffer.buffer();
    response
        .handler(chunk -> {
          if (bytes.length() + chunk.length() > maxBytes) {
            result.completeExceptionally(Refusals.tooLarge(maxBytes));
          } else if (!result.isDone()) {
            bytes.appendBuffer(chunk);
          }
        })
        .exceptionHandler(e -> result.completeExceptionally(Refusals.brokenOff()))
        .endHandler(end -> result.complete(bytes.getBytes()));
  }

  private static boolean isImage(@Nullable String contentType) {
    String kind = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    return kind.startsWith("image/")
        || kind.startsWith("application/octet-stream")
        || kind.startsWith("binary/octet-stream"); // Amazon S3's word for it
  }

  /** Compressed, though nobody asked for it: a little that may become a lot. */
  private boolean isEncoded() {
    String encoding = response.getHeader(HttpHeaders.CONTENT_ENCODING);
    return encoding != null && !encoding.equalsIgnoreCase("identity");
  }

  private long announced() {
    String length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1; // what arrives is counted anyway
    }
  }
}
