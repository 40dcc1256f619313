package dev.glimpse.explain;

import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorValues;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFile;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.Prediction;
import dev.glimpse.pipeline.PredictionListeners;
import dev.glimpse.pipeline.RequestContext;
import dev.glimpse.pipeline.RequestTimer;
import dev.glimpse.pipeline.TensorImages;
import dev.glimpse.pipeline.TensorRequest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** Makes vectors, and scores if they are asked for, of the encoded images of a tensor. */
public final class TensorVectors {

  private final TensorImages images;
  private final ImageDecoder decoder;
  private final LongSupplier clock;
  private final ServingMetrics metrics;
  private final PredictionListeners listeners;

  /**
   * Makes vectors of images.
   *
   * @param images takes them in turn
   * @param clock nanoseconds
   */
  public TensorVectors(
      TensorImages images,
      ImageDecoder decoder,
      LongSupplier clock,
      ServingMetrics metrics,
      PredictionListeners listeners) {
    this.images = images;
    this.decoder = decoder;
    this.clock = clock;
    this.metrics = metrics;
    this.listeners = listeners;
  }

  /**
   * Returns the outputs that a request for images asks for, its vectors among them. Call it on a
   * worker.
   *
   * @param session of the context's model, open until the result is completed
   * @return in the order of the request's names, each with a row for each image
   */
  public CompletionStage<List<Tensor>> outputs(
      TensorRequest<?> request, VectorSession session, RequestContext context) {
    List<String> outputs = request.outputs();
    return images
        .inTurn(
            request.inputs().get(0),
            context,
            (image, position) ->
                CompletableFuture.completedFuture(rows(image, position, request, session, context)))
        .thenApply(rows ->
            IntStream.range(0, outputs.size())
                .mapToObj(i ->
                    Tensor.ofRows(outputs.get(i), rows.stream().map(row -> row.get(i)).toList()))
                .toList());
  }

  /** Returns an image's row of each output. */
  private List<float[]> rows(
      ImageFile image,
      int position,
      TensorRequest<?> request,
      VectorSession session,
      RequestContext context) {
    Model model = context.model();
    RequestTimer timer = context.timer().restarted();
    PreparedImage prepared = PreparedImage.of(decoder, model, image, context.permit(), clock);
    long started = clock.getAsLong();
    List<Tensor> outputs =
        session.run(
            List.of(prepared.tensor()),
            new LinkedHashSet<>(request.outputs()),
            request.vector().orElseThrow());
    long ran = clock.getAsLong() - started;
    Timing timing = timer.timing(prepared.decodeNanos(), prepared.preprocessNanos(), ran);
    metrics.took(model.name(), model.versionName(), timing, false);
    context.worked(timing, 0);
    List<float[]> rows = new ArrayList<>();
    for (Tensor output : outputs) {
      boolean scores = output.spec().name().equals(model.session().output().name());
      float[] row =
          TensorValues.of(output, scores ? session.session().dequantization() : Optional.empty());
      rows.add(row);
      if (scores) {
        listeners.publish(() -> Prediction.ofOutput(context, position, row, timing));
      }
    }
    return rows;
  }
}
