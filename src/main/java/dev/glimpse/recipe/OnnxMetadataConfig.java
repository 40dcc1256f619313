package dev.glimpse.recipe;

import dev.glimpse.engine.Session;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.Filter;
import dev.glimpse.preprocess.Layout;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Covering;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.repository.ModelFolder;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Derives a recipe for a graph without configuration files: from its input and its metadata, and
 * for the rest from what most ImageNet classifiers were trained with. Keys and values of the
 * metadata are <a href="https://github.com/onnx/onnx/blob/main/docs/MetadataProps.md">ONNX's
 * own</a>, or those of {@link UltralyticsConfig}.
 */
public final class OnnxMetadataConfig {

  /** Names, in messages, the source of a recipe that neither a file nor the metadata sets. */
  public static final String DEFAULTS = "the ImageNet default";

  private static final String PIXEL_FORMAT = "Image.BitmapPixelFormat";
  private static final String PIXEL_RANGE = "Image.NominalPixelRange";
  private static final String METADATA = "graph: metadata ";
  private static final String IMAGENET = Provenance.DEFAULT + " (ImageNet)";

  /** The side of the images for a graph that takes any size, in pixels. */
  private static final int SIDE = 224;

  /** The fraction of a scaled image's side that the crop keeps. */
  private static final double SHARE = 0.875;

  private final ModelFolder folder;
  private final TensorSpec input;
  private final Map<String, String> metadata = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private OnnxMetadataConfig(ModelFolder folder, Session session) {
    this.folder = folder;
    this.input = session.input();
    this.metadata.putAll(session.metadata());
  }

  /**
   * Derives the recipe.
   *
   * @throws dev.glimpse.failure.UnservableModelException if the range of the input is unknown
   */
  public static Recipe read(ModelFolder folder, Session session) {
    return UltralyticsConfig.read(folder, session.metadata())
        .orElseGet(() -> new OnnxMetadataConfig(folder, session).recipe());
  }

  /** Returns whether an exporter has written into the graph that it classifies images. */
  static boolean classifies(Map<String, String> metadata) {
    return "classify".equals(metadata.get("task")) || metadata.containsKey("names");
  }

  private record Numbers(double factor, Rgb mean, Rgb deviation, String origin) {}

  private Recipe recipe() {
    Layout layout = input.rank() == 4 ? InputSignature.shown(input) : Layout.NCHW;
    Size size = new Size(side(layout == Layout.NCHW ? 3 : 2), side(layout == Layout.NCHW ? 2 : 1));
    Numbers numbers = numbers(layout);
    Preprocessing steps =
        new Preprocessing(
            Optional.of(new Resize(target(size), Filter.BILINEAR)),
            Optional.of(new Crop(size, Centre.TRANSFORMERS)),
            numbers.factor(),
            numbers.mean(),
            numbers.deviation());
    boolean sized = input.rank() == 4 && input.dimension(layout.width()) > 0;
    return new Recipe(
        DEFAULTS,
        steps,
        channels(),
        false,
        () ->
            new Provenance(
                IMAGENET,
                IMAGENET,
                sized ? Provenance.INPUT : IMAGENET,
                numbers.origin(),
                numbers.origin(),
                numbers.origin(),
                metadata.containsKey(PIXEL_FORMAT) ? METADATA + PIXEL_FORMAT : Provenance.DEFAULT,
                Provenance.DEFAULT),
        FixHints.GRAPH);
  }

  private int side(int dimension) {
    long side = input.rank() == 4 ? input.dimension(dimension) : -1;
    return side > 0 && side <= Short.MAX_VALUE ? (int) side : SIDE;
  }

  private static Preprocessing.Target target(Size size) {
    int width = (int) (size.width() / SHARE);
    int height = (int) (size.height() / SHARE);
    return width == height ? new ShortestEdge(width) : new Covering(new Size(width, height));
  }

  private Optional<Channels> channels() {
    String format = metadata.get(PIXEL_FORMAT);
    if (format == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (format.toLowerCase(Locale.ROOT)) {
          case "rgb8" -> Channels.RGB;
          case "bgr8" -> Channels.BGR;
          case "gray8" -> Channels.GREY;
          default -> throw unknown(PIXEL_FORMAT, format, "Rgb8, Bgr8 or Gray8");
        });
  }

  private Numbers numbers(Layout layout) {
    String range = metadata.get(PIXEL_RANGE);
    if (range != null) {
      return switch (range.toLowerCase(Locale.ROOT)) {
        case "nominalrange_0_255" -> plain(1, 0, METADATA + PIXEL_RANGE);
        case "normalized_0_1" -> plain(1 / 255.0, 0, METADATA + PIXEL_RANGE);
        case "normalized_1_1" -> plain(1 / 127.5, 1, METADATA + PIXEL_RANGE);
        default ->
            throw unknown(
                PIXEL_RANGE, range, "NominalRange_0_255, Normalized_0_1 or Normalized_1_1");
      };
    }
    if (input.type().equals("uint8")) {
      return plain(1, 0, Provenance.INPUT);
    }
    if (input.rank() == 4 && input.dimension(layout.channels()) == 1) {
      return plain(1 / 255.0, 0, Provenance.DEFAULT);
    }
    if (layout == Layout.NHWC) {
      throw folder.unservable(
          "the graph has its channels last, as TensorFlow's do, whose inputs range from 0 to 255, 0"
              + " to 1 or -1 to 1; add a "
              + ModelFolder.PREPROCESSOR
              + " that sets the range");
    }
    return new Numbers(
        1 / 255.0, Preprocessing.IMAGENET_MEAN, Preprocessing.IMAGENET_DEVIATION, IMAGENET);
  }

  /** Scales by the factor and subtracts {@code less}, the same for each channel. */
  private static Numbers plain(double factor, float less, String origin) {
    return new Numbers(factor, new Rgb(less, less, less), Preprocessing.NO_DEVIATION, origin);
  }

  private RuntimeException unknown(String key, String value, String expected) {
    return folder.unservable(
        "the graph's metadata: %s is \"%s\" and should be %s".formatted(key, value, expected));
  }
}
