package dev.glimpse.folder;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.engine.EngineException;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageFile;
import dev.glimpse.model.ImageInference;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.postprocess.Classification;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Classifies a file as the service classifies a request with its bytes. Works on the calling
 * thread; any thread may call it.
 */
public final class FileClassifier {

  private final Model model;
  private final ImageInference inference;
  private final ResultOptions options;
  private final double threshold;
  private final long maxBytes;

  /**
   * Creates a classifier.
   *
   * @param options how many classes are returned, and in which language
   * @param threshold the score below which the best class is uncertain, 0 to 1
   * @param maxBytes how large a file may be
   */
  public FileClassifier(
      Model model,
      ImageInference inference,
      ResultOptions options,
      double threshold,
      long maxBytes) {
    this.model = model;
    this.inference = inference;
    this.options = options;
    this.threshold = threshold;
    this.maxBytes = Math.min(maxBytes, Integer.MAX_VALUE - 16);
  }

  /** Classifies a file; a problem with it is part of the row. */
  public Row classify(ImageInput input) {
    if (input.problem().isPresent()) {
      return Row.failed(input.name(), input.problem().get());
    }
    if (!Files.isRegularFile(input.path())) { // opening a pipe would wait for its other end
      return Row.failed(
          input.name(), Files.exists(input.path()) ? RowProblem.notAFile() : RowProblem.missing());
    }
    try {
      float[] output =
          inference.runAlone(model, new ImageFile(Bytes.of(read(input.path())))).values();
      List<Classification> best = options.best(options.scores(output));
      return Row.of(input.name(), best, best.get(0).score() < threshold);
    } catch (ServingException e) {
      return Row.failed(input.name(), RowProblem.of(e));
    } catch (NoSuchFileException e) {
      return Row.failed(input.name(), RowProblem.missing());
    } catch (IOException e) {
      return Row.failed(input.name(), RowProblem.unreadable());
    } catch (EngineException e) {
      return internal(input, "The graph fails on the image: " + e.oneLine());
    } catch (OutOfMemoryError e) {
      return internal(input, "There is not enough memory for the image.");
    } catch (RuntimeException e) {
      return internal(input, "Classifying the image failed: " + e);
    }
  }

  private static Row internal(ImageInput input, String detail) {
    return Row.failed(input.name(), RowProblem.of(Failure.INTERNAL, detail));
  }

  private byte[] read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > maxBytes) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The file has %d bytes; at most %d are read. Raise glimpse.image.max-bytes."
              .formatted(size, maxBytes));
    }
    byte[] bytes = new byte[(int) size];
    try (InputStream in = Files.newInputStream(file)) {
      int read = in.readNBytes(bytes, 0, bytes.length);
      return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
    }
  }
}
