package dev.glimpse.explain;

import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFile;
import dev.glimpse.image.Pixels;
import dev.glimpse.model.Model;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.preprocess.View;
import dev.glimpse.workers.Permit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Holds the input tensor of an image.
 *
 * @param tensor with a batch of 1, in native order
 * @param view what it holds of the image
 * @param decodeNanos how long decoding took
 * @param preprocessNanos how long it took to compute the tensor
 */
public record PreparedImage(Tensor tensor, View view, long decodeNanos, long preprocessNanos) {

  /** What no image is larger than that is explained, in elements: its tensor is on the heap. */
  private static final long MOST_ELEMENTS = 1 << 23;

  /**
   * Decodes an image and computes its tensor, on the calling thread.
   *
   * @param permit checked after each step
   * @param clock nanoseconds
   * @throws ServingException if the image cannot be read, is too large for this model, or the
   *     request was cancelled
   */
  public static PreparedImage of(
      ImageDecoder decoder, Model model, ImageFile image, Permit permit, LongSupplier clock) {
    long started = clock.getAsLong();
    Preprocessor preprocessor = model.preprocessor();
    try (Pixels pixels =
        decoder.decode(image, preprocessor::scaleNeeded, preprocessor::partNeeded)) {
      permit.throwIfCancelled();
      long decoded = clock.getAsLong();
      long[] shape = preprocessor.shape(pixels.width(), pixels.height());
      TensorSpec input = model.session().input();
      TensorSpec spec =
          new TensorSpec(input.name(), input.type(), Arrays.stream(shape).boxed().toList());
      long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
      if (elements > MOST_ELEMENTS) {
        throw new ServingException(
            Failure.TOO_LARGE,
            "Scaled for this model, the image has %d numbers; at most %d are explained."
                .formatted(elements, MOST_ELEMENTS));
      }
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.toIntExact(elements * spec.elementBytes()))
              .order(ByteOrder.nativeOrder());
      preprocessor.write(pixels, bytes);
      long preprocessed = clock.getAsLong();
      permit.throwIfCancelled();
      return new PreparedImage(
          new Tensor(spec, bytes.flip()),
          preprocessor.view(pixels.width(), pixels.height()),
          decoded - started,
          preprocessed - decoded);
    }
  }
}
