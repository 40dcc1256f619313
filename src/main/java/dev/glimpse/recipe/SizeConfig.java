package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Part;
import dev.glimpse.preprocess.Preprocessing.RoundedUp;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessing.Target;
import dev.glimpse.repository.JsonFile;
import java.util.Optional;

/** Interprets {@code size} and {@code crop_size} as most image processors do. */
final class SizeConfig implements SizeSteps {

  private static final String SIZE = "size";
  private static final String CROP_SIZE = "crop_size";
  private static final String SHORTEST_EDGE = "shortest_edge";
  private static final String LONGEST_EDGE = "longest_edge";
  private static final String SQUARE = "use_square_size";
  private static final String DIVISOR = "size_divisor";

  private final JsonFile file;
  private final Optional<ImageProcessor> processor;

  SizeConfig(JsonFile file, Optional<ImageProcessor> processor) {
    this.file = file;
    this.processor = processor;
  }

  /** Returns whether the image is cropped. */
  boolean crops() {
    return file.flag("do_center_crop", false);
  }

  @Override
  public Optional<Part> part() {
    return Optional.empty();
  }

  @Override
  public Target target() {
    Target target = basic();
    return file.find(DIVISOR) == null ? target : new RoundedUp(target, file.positiveInt(DIVISOR));
  }

  private Target basic() {
    JsonNode size = file.require(SIZE);
    if (size.isNumber() && (processor.isPresent() || file.find("default_to_square") != null)) {
      int number = file.positiveInt(SIZE);
      boolean square = processor.map(ImageProcessor::squareFromNumber).orElse(true);
      return file.flag("default_to_square", square) || file.flag(SQUARE, false)
          ? new Exactly(new Size(number, number))
          : new ShortestEdge(enlarged(number));
    }
    if (size.has(SHORTEST_EDGE) && (size.size() == 1 || alsoLongest(size))) {
      int edge = file.positiveInt(SIZE + "." + SHORTEST_EDGE);
      return file.flag(SQUARE, false)
          ? new Exactly(new Size(edge, edge))
          : new ShortestEdge(enlarged(edge));
    }
    return exactly(size(SIZE));
  }

  /** The classes that scale the shortest edge ignore the longest one. */
  private boolean alsoLongest(JsonNode size) {
    return size.size() == 2
        && size.has(LONGEST_EDGE)
        && processor.map(ImageProcessor::ignoresLongestEdge).orElse(false);
  }

  /**
   * LeViT scales to 256 for a size of 224, and so on, and PoolFormer to a size that is larger by
   * its share; the others take the number as it is.
   */
  private int enlarged(int edge) {
    if (processor.map(p -> p.is("Levit")).orElse(false)) {
      return (int) (256.0 / 224 * edge);
    }
    return file.find(CropShare.KEY) == null ? edge : (int) (edge / CropShare.read(file));
  }

  private Target exactly(Size size) {
    if (file.find(CropShare.KEY) == null) {
      return new Exactly(size);
    }
    double share = CropShare.read(file);
    int width = (int) (size.width() / share);
    int height = (int) (size.height() / share);
    return size.width() == size.height()
        ? new ShortestEdge(width)
        : new Exactly(new Size(width, height));
  }

  @Override
  public Optional<Crop> crop() {
    return crops() ? Optional.of(new Crop(cropSize(), centre())) : Optional.empty();
  }

  /** Returns where the centre of an image is. */
  Centre centre() {
    return ImageProcessor.centre(processor);
  }

  Size cropSize() {
    return size(CROP_SIZE);
  }

  /** Returns the size to which Perceiver scales. */
  Size size() {
    return size(SIZE);
  }

  /** Reads {@code {"height": …, "width": …}}, or {@code [height, width]} as in older files. */
  private Size size(String key) {
    JsonNode size = file.require(key);
    if (size.isNumber() && (key.equals(CROP_SIZE) || processor.isPresent())) {
      return new Size(file.positiveInt(key), file.positiveInt(key));
    }
    if (size.isArray() && size.size() == 2 && processor.isPresent()) {
      return new Size(file.positiveInt(key + ".1"), file.positiveInt(key + ".0"));
    }
    if (!size.isObject() || size.size() != 2 || !size.has("width") || !size.has("height")) {
      throw file.wrong(
          key,
          key.equals(SIZE)
              ? "{\"height\": …, \"width\": …} or {\"shortest_edge\": …}"
              : "{\"height\": …, \"width\": …}");
    }
    return new Size(file.positiveInt(key + ".width"), file.positiveInt(key + ".height"));
  }

  @Override
  public String[] keys() {
    if (file.find(CropShare.KEY) != null) {
      return new String[] {SIZE, CropShare.KEY};
    }
    if (file.find(DIVISOR) != null) {
      return new String[] {SIZE, DIVISOR};
    }
    return file.require(SIZE).isNumber()
        ? new String[] {SIZE, "default_to_square"}
        : new String[] {SIZE};
  }

  @Override
  public String[] cropKeys() {
    return new String[] {crops() ? CROP_SIZE : "do_center_crop"};
  }
}
