package dev.glimpse.folder;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.engine.EngineException;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageFile;
import dev.glimpse.model.ImageInference;
import dev.glimpse.model.ImageScores;
import dev.glimpse.model.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a file and runs a model on it, as the service does with a request's bytes. Works on the
 * calling thread; any thread may call it.
 */
public final class FileInference {

  /**
   * Holds what the graph gave for a file, or why it gave nothing.
   *
   * @param scores empty if there is a problem
   */
  public record FileOutput(Optional<ImageScores> scores, Optional<RowProblem> problem) {

    private static FileOutput failed(RowProblem problem) {
      return new FileOutput(Optional.empty(), Optional.of(problem));
    }
  }

  private final Model model;
  private final ImageInference inference;
  private final long maxBytes;

  /**
   * Runs a model.
   *
   * @param maxBytes how large a file may be
   */
  public FileInference(Model model, ImageInference inference, long maxBytes) {
    this.model = model;
    this.inference = inference;
    this.maxBytes = Math.min(maxBytes, Integer.MAX_VALUE - 16);
  }

  /** Runs the model on a file. Throws nothing that a file can cause. */
  public FileOutput run(ImageInput input) {
    if (input.problem().isPresent()) {
      return FileOutput.failed(input.problem().get());
    }
    if (!Files.isRegularFile(input.path())) { // opening a pipe would wait for its other end
      return FileOutput.failed(
          Files.exists(input.path()) ? RowProblem.notAFile() : RowProblem.missing());
    }
    try {
      ImageFile image = new ImageFile(Bytes.of(read(input.path())));
      return new FileOutput(Optional.of(inference.runAlone(model, image)), Optional.empty());
    } catch (ServingException e) {
      return FileOutput.failed(RowProblem.of(e));
    } catch (NoSuchFileException e) {
      return FileOutput.failed(RowProblem.missing());
    } catch (IOException e) {
      return FileOutput.failed(RowProblem.unreadable());
    } catch (EngineException e) {
      return internal("The graph fails on the image: " + e.oneLine());
    } catch (OutOfMemoryError e) {
      return internal("There is not enough memory for the image.");
    } catch (RuntimeException e) {
      return internal("Classifying the image failed: " + e);
    }
  }

  private static FileOutput internal(String detail) {
    return FileOutput.failed(RowProblem.of(Failure.INTERNAL, detail));
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
