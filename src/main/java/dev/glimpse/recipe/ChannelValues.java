package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.repository.JsonFile;

/** Reads values that a JSON file gives for each color channel: means and standard deviations. */
final class ChannelValues {

  private static final String EXPECTED = "three numbers, one for each channel, or one for all";

  private ChannelValues() {}

  /**
   * Reads three numbers, one for each channel. A single number, in a list or not, applies to all.
   *
   * @throws dev.glimpse.failure.UnservableModelException if the key is missing or holds anything
   *     else
   */
  static Rgb numbers(JsonFile file, String key) {
    JsonNode node = file.require(key);
    int size = node.isArray() ? node.size() : 1;
    if (size != 1 && size != 3) {
      throw file.wrong(key, EXPECTED);
    }
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      JsonNode number = node.isArray() ? node.get(i) : node;
      if (!number.isNumber()) {
        throw file.wrong(key, EXPECTED);
      }
      numbers[i] = number.floatValue();
    }
    return new Rgb(numbers[0], numbers[size / 2], numbers[size - 1]);
  }

  /**
   * Reads three standard deviations in the same way.
   *
   * @throws dev.glimpse.failure.UnservableModelException if one of them is not above 0
   */
  static Rgb std(JsonFile file, String key) {
    Rgb rgb = numbers(file, key);
    if (!(rgb.red() > 0 && rgb.green() > 0 && rgb.blue() > 0)) {
      throw file.wrong(key, "three numbers above 0");
    }
    return rgb;
  }
}
