package dev.glimpse.recipe;

import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Filter;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.repository.ModelFolder;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what Ultralytics' exporter writes into the metadata of a classifier's graph: task, image
 * size and classes. The steps are those of its <a
 * href="https://github.com/ultralytics/ultralytics/blob/main/ultralytics/data/augment.py">classify_transforms</a>.
 */
final class UltralyticsConfig {

  private static final String TASK = "task";
  private static final String SIZE = "imgsz";
  private static final Pattern HEIGHT_AND_WIDTH =
      Pattern.compile("\\[\\s*([1-9]\\d{0,4})\\s*,\\s*([1-9]\\d{0,4})\\s*]");

  private UltralyticsConfig() {}

  /**
   * Reads the recipe; empty if another exporter wrote the graph.
   *
   * @throws dev.glimpse.failure.UnservableModelException if the graph is for another task
   */
  static Optional<Recipe> read(ModelFolder folder, Map<String, String> metadata) {
    String task = metadata.get(TASK);
    Matcher size = HEIGHT_AND_WIDTH.matcher(metadata.getOrDefault(SIZE, ""));
    if (task == null || !size.matches()) {
      return Optional.empty();
    }
    if (!task.equals("classify")) {
      throw folder.unservable(
          "the graph's metadata says task=%s, but only classify is supported; export a classifier"
              .formatted(task));
    }
    Size whole = new Size(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1)));
    boolean square = whole.width() == whole.height();
    Preprocessing steps =
        new Preprocessing(
            Optional.of(
                new Resize(
                    square ? new ShortestEdge(whole.width()) : new Exactly(whole),
                    Filter.BILINEAR)),
            Optional.of(new Crop(whole, Centre.TORCHVISION)),
            1 / 255.0,
            Preprocessing.NO_MEAN,
            Preprocessing.NO_DEVIATION);
    String theirs = Provenance.DEFAULT + " of Ultralytics";
    String written = "graph: metadata " + SIZE;
    return Optional.of(
        new Recipe(
            "the graph's metadata",
            steps,
            Optional.empty(),
            false,
            () ->
                new Provenance(
                    written, theirs, written, theirs, theirs, theirs, theirs, Provenance.DEFAULT),
            FixHints.GRAPH));
  }
}
