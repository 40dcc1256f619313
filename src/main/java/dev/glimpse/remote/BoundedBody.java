package dev.glimpse.remote;

import dev.glimpse.bytes.ArrivingBytes;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.bytes.NativeBlocks;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.memory.Reservation;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads a response's body into memory, up to a maximum. Called on the response's event loop. */
final class BoundedBody {

  private static final long FIRST_BYTES = 64 << 10;

  /** The image, and a smaller block that it has outgrown. */
  private static final long COPIES = 2;

  private final HttpClientResponse response;
  private final long maxBytes;
  private final Reservation memory;
  private final Context context;
  private final CompletableFuture<Bytes> result;
  private final ArrivingBytes bytes;

  BoundedBody(
      HttpClientResponse response,
      NativeBlocks blocks,
      long maxBytes,
      Reservation memory,
      CompletableFuture<Bytes> result) {
    this.response = response;
    this.memory = memory;
    this.context = Objects.requireNonNull(Vertx.currentContext());
    this.maxBytes = maxBytes;
    this.result = result;
    this.bytes = new ArrivingBytes(blocks, announced());
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
    var unusedClosed =
        result.whenComplete((image, failure) -> context.runOnContext(now -> bytes.close()));
    response
        .pause()
        .exceptionHandler(e -> result.completeExceptionally(DownloadErrors.brokenOff()))
        .endHandler(end -> complete())
        .handler(this::receive);
    long first = Math.max(announced(), FIRST_BYTES);
    var unused = memory.take(Math.min(COPIES * first, memory.most())).whenComplete(this::goOn);
  }

  private void receive(Buffer chunk) {
    if (result.isDone()) {
      return;
    }
    if (bytes.length() + chunk.length() > maxBytes) {
      result.completeExceptionally(DownloadErrors.tooLarge(maxBytes));
      return;
    }
    try {
      bytes.append(view(chunk));
    } catch (OutOfMemoryError e) {
      result.completeExceptionally(e);
      return;
    }
    long more = COPIES * bytes.length() - memory.bytes();
    if (more > 0 && memory.bytes() < memory.most()) {
      response.pause();
      var unused =
          memory.take(Math.min(2 * more, memory.most() - memory.bytes())).whenComplete(this::goOn);
    }
  }

  private void goOn(@Nullable Void granted, @Nullable Throwable failure) {
    if (failure == null) {
      context.runOnContext(now -> response.resume());
    } else {
      result.completeExceptionally(AsyncFailures.cause(failure));
    }
  }

  private void complete() {
    if (result.isDone()) {
      return;
    }
    Bytes image = bytes.take();
    if (result.complete(image)) {
      memory.keep(image.length());
    } else {
      image.close();
    }
  }

  /** Returns what a chunk holds, without a copy, for which there is no other method. */
  @SuppressWarnings("deprecation")
  private static ByteBuffer view(Buffer chunk) {
    return chunk.getByteBuf().nioBuffer();
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
