package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.preprocess.Filter;
import dev.glimpse.preprocess.Passes;
import dev.glimpse.repository.JsonFile;
import java.util.List;
import java.util.Optional;

/**
 * Reads how images are scaled: by Pillow's filter of {@code resample} or, as the key {@code
 * resize_method} says, which is Glimpse's own, as another library or version does it.
 *
 * @param filter the resampling filter
 * @param passes the order of its passes
 * @param names the keys that say so
 */
record ResizeMethod(Filter filter, Passes passes, List<String> names) {

  static final String KEY = "resize_method";

  private static final String RESAMPLE = "resample";

  /**
   * Reads the method of a file.
   *
   * @throws dev.glimpse.failure.UnservableModelException if a value is invalid, or there is no
   *     filter
   */
  static ResizeMethod read(JsonFile file) {
    String method = Optional.ofNullable(file.text(KEY)).orElse("pillow");
    return switch (method) {
      case "pillow" -> new ResizeMethod(pillow(file), Passes.PILLOW_12, List.of(RESAMPLE));
      case "pillow-13" -> new ResizeMethod(pillow(file), Passes.PILLOW_13, List.of(RESAMPLE, KEY));
      case "opencv-linear", "tensorflow-bilinear" ->
          new ResizeMethod(Filter.LINEAR, Passes.PILLOW_12, List.of(KEY));
      case "opencv-area" -> new ResizeMethod(Filter.AREA, Passes.PILLOW_12, List.of(KEY));
      default ->
          throw file.wrong(
              KEY,
              "\"pillow\", \"pillow-13\", \"opencv-linear\", \"opencv-area\" or"
                  + " \"tensorflow-bilinear\"");
    };
  }

  /** Returns the keys that say so. */
  String[] keys() {
    return names.toArray(String[]::new);
  }

  private static Filter pillow(JsonFile file) {
    JsonNode resample = file.require(RESAMPLE);
    try {
      if (resample.isIntegralNumber()) {
        return Filter.ofPillow(resample.intValue());
      }
      if (resample.isTextual()) {
        return Filter.named(resample.textValue());
      }
    } catch (IllegalArgumentException e) {
      // reported below
    }
    throw file.wrong(
        RESAMPLE,
        "0 (nearest), 1 (Lanczos), 2 (bilinear), 3 (bicubic), 4 (box), 5 (Hamming), or its name");
  }
}
