package dev.glimpse.pipeline;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.image.ImageFile;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import dev.glimpse.tracing.RequestTrace;
import dev.glimpse.tracing.TraceContext;
import dev.glimpse.tracing.TracedStep;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Gets the images of requests: from their bodies, or by download. */
public final class RequestImages {

  private final RequestMemory memory;

  public RequestImages(RequestMemory memory) {
    this.memory = memory;
  }

  /**
   * Works on a request's image, which is downloaded first if it is remote.
   *
   * @param work called on a worker, now or when the image is there; the image's bytes are closed
   *     when its result is completed
   */
  public <R> CompletionStage<R> with(
      ClassificationRequest request,
      RequestContext context,
      Function<ImageFile, CompletionStage<R>> work) {
    if (request.remoteImage().isEmpty()) {
      return work.apply(request.image());
    }
    Reservation reserved = memory.bodies().openMore();
    try {
      CompletableFuture<Bytes> download =
          download(request.remoteImage().get(), reserved, context.trace());
      return context
          .await(() -> download, image -> work.apply(new ImageFile(image, request.image().page())))
          .whenComplete((result, failure) -> {
            var unused = download.thenAccept(Bytes::close);
            reserved.close();
          });
    } catch (RuntimeException | Error e) {
      reserved.close();
      throw e;
    }
  }

  /** Starts a download, whose requests carry the trace. */
  private static CompletableFuture<Bytes> download(
      Function<Reservation, CompletableFuture<Bytes>> image,
      Reservation reserved,
      RequestTrace trace) {
    TracedStep step = trace.begin("fetch");
    TraceContext context = step.context();
    CompletableFuture<Bytes> download =
        context == null ? image.apply(reserved) : context.call(() -> image.apply(reserved));
    var unused = download.whenComplete((bytes, failure) -> step.end(failure));
    return download;
  }
}
