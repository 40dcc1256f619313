package dev.glimpse.remote;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads a response's body into memory, up to a maximum. Called on the response's event loop. */
final class BoundedBody {

  private final HttpClientResponse response;
  private final long maxBytes;
  private final CompletableFuture<byte[]> result;

  BoundedBody(HttpClientResponse response, long maxBytes, CompletableFuture<byte[]> result) {
    this.response = response;
    this.maxBytes = maxBytes;
    this.result = result;
  }

  /** Starts to read. Call it once, when the head of the response has arrived. */
  void begin() {
    if (!isImage(response.getHeader(HttpHeaders.CONTENT_TYPE)) || isEncoded()) {
      result.completeExceptionally(DownloadErrors.notAnImage());
      return;
    }
    if (announced() > maxBytes) {
      result.completeExceptionally(DownloadErrors.tooLarge(maxBytes));
      return;
    }
    Buffer bytes = Buffer.buffer();
    response
        .handler(chunk -> {
          if (bytes.length() + chunk.length() > maxBytes) {
            result.completeExceptionally(DownloadErrors.tooLarge(maxBytes));
          } else if (!result.isDone()) {
            bytes.appendBuffer(chunk);
          }
        })
        .exceptionHandler(e -> result.completeExceptionally(DownloadErrors.brokenOff()))
        .endHandler(end -> result.complete(bytes.getBytes()));
  }

  private static boolean isImage(@Nullable String contentType) {
    String kind = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    return kind.startsWith("image/")
        || kind.startsWith("application/octet-stream")
        || kind.startsWith("binary/octet-stream"); // Amazon S3's default
  }

  /** Returns whether the body is compressed, which was not requested and may hide a bomb. */
  private boolean isEncoded() {
    String encoding = response.getHeader(HttpHeaders.CONTENT_ENCODING);
    return encoding != null && !encoding.equalsIgnoreCase("identity");
  }

  private long announced() {
    String length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1; // the bytes that arrive are counted anyway
    }
  }
}
