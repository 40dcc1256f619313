package dev.glimpse.model;

import dev.glimpse.engine.EngineException;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.repository.FileKind;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Verifies that a model classifies its golden images correctly: those in a folder {@code golden}
 * beside it, each in a folder named by its label in the model's own language: {@code
 * golden/daisy/1.jpg}, the layout of torchvision's <a
 * href="https://pytorch.org/vision/stable/generated/torchvision.datasets.ImageFolder.html">ImageFolder</a>.
 */
public final class GoldenImages {

  public static final String FOLDER = "golden";

  private final ImageInference inference;

  public GoldenImages(ImageInference inference) {
    this.inference = inference;
  }

  /**
   * Classifies a model's golden images, one after the other, on the calling thread.
   *
   * @return how many there are
   * @throws UnservableModelException if an image gets another label
   */
  public int verify(ModelFolder folder, Model model) {
    Path golden = folder.file(FOLDER);
    if (!Files.isDirectory(golden)) {
      return 0;
    }
    int verified = 0;
    for (Path label : list(folder, golden)) {
      for (Path image : Files.isDirectory(label) ? list(folder, label) : List.<Path>of()) {
        verify(folder, model, image, label.getFileName().toString());
        verified++;
      }
    }
    return verified;
  }

  private void verify(ModelFolder folder, Model model, Path image, String expected) {
    String name = folder.path().relativize(image).toString();
    try {
      if (!model.labels().in(Labels.OWN_LANGUAGE).contains(expected)) {
        throw folder.unservable(
            name + " is in a folder that is not named after one of the model's classes");
      }
      FileKind.problem(image)
          .ifPresent(problem -> {
            throw folder.unservable(name + " " + problem);
          });
      Classification best = inference.classify(model, Files.readAllBytes(image)).get(0);
      if (!best.label().equals(expected)) {
        throw folder.unservable(
            String.format(
                Locale.ROOT,
                "%s is classified as \"%s\", with a score of %.2f",
                name,
                best.label(),
                best.score()));
      }
    } catch (ServingException e) {
      throw folder.unservable(name + " cannot be classified: " + sentence(e), e);
    } catch (IOException | EngineException e) {
      throw folder.unservable(name + " cannot be classified", e);
    }
  }

  private static String sentence(ServingException e) {
    return e.detail().endsWith(".") ? e.detail().substring(0, e.detail().length() - 1) : e.detail();
  }

  private static List<Path> list(ModelFolder folder, Path of) {
    try (Stream<Path> files = Files.list(of)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith(".")) // .DS_Store
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw folder.unservable(FOLDER + " cannot be read", e);
    }
  }
}
