package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Fitting;
import dev.glimpse.preprocess.Preprocessing.Part;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessing.Target;
import dev.glimpse.repository.JsonFile;
import java.util.Optional;

/**
 * Reads {@code letterbox}, a key of Glimpse's own: the whole image is scaled into a size, and the
 * rest is filled with a colour. It takes the place of {@code size} and {@code crop_size}.
 */
final class LetterboxConfig implements SizeSteps {

  static final String KEY = "letterbox";

  private static final String COLOR = "color";
  private static final String ANCHOR = "anchor";

  private final Size size;
  private final Rgb color;
  private final Centre anchor;

  /**
   * Reads the object.
   *
   * @param file with the processor's defaults
   * @throws dev.glimpse.failure.UnservableModelException if a key is missing or invalid
   */
  LetterboxConfig(JsonFile file) {
    JsonFile box = file.object(KEY);
    box.root()
        .fieldNames()
        .forEachRemaining(key -> {
          if (!key.equals("height")
              && !key.equals("width")
              && !key.equals(COLOR)
              && !key.equals(ANCHOR)) {
            throw box.unservable(
                "the key \"%s\" is not supported; its keys are \"height\", \"width\", \"color\" and \"anchor\""
                    .formatted(key));
          }
        });
    this.size = new Size(box.positiveInt("width"), box.positiveInt("height"));
    this.color = box.find(COLOR) == null ? new Rgb(0, 0, 0) : color(box);
    this.anchor = anchor(box);
  }

  private static Rgb color(JsonFile box) {
    JsonNode node = box.require(COLOR);
    int[] levels = new int[3];
    for (int i = 0; i < 3; i++) {
      JsonNode level = node.isArray() && node.size() == 3 ? node.get(i) : node;
      levels[i] = level.isIntegralNumber() ? level.intValue() : -1;
      if (levels[i] < 0 || levels[i] > 255) {
        throw box.wrong(COLOR, "a number from 0 to 255, or three: red, green and blue");
      }
    }
    return new Rgb(levels[0], levels[1], levels[2]);
  }

  private static Centre anchor(JsonFile box) {
    return switch (Optional.ofNullable(box.text(ANCHOR)).orElse("center")) {
      case "center" -> Centre.DJL;
      case "top-left" -> Centre.TOP_LEFT;
      default -> throw box.wrong(ANCHOR, "\"center\" or \"top-left\"");
    };
  }

  @Override
  public Optional<Part> part() {
    return Optional.empty();
  }

  @Override
  public Target target() {
    return new Fitting(size);
  }

  @Override
  public Optional<Crop> crop() {
    return Optional.of(new Crop(size, anchor, color));
  }

  @Override
  public String[] keys() {
    return new String[] {KEY};
  }

  @Override
  public String[] cropKeys() {
    return keys();
  }
}
