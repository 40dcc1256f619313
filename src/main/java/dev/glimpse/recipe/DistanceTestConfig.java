package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.repository.JsonFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Optional;

/**
 * Reads and writes the distance test in {@code calibration.json}. Vectors and matrices are texts:
 * base64 of their floats, row-major, four bytes each, the least significant first.
 */
public final class DistanceTestConfig {

  /** The key of the test. */
  public static final String DISTANCE = "distance";

  private static final int MOST_DIMENSIONS = 65_536;
  private static final int MOST_DIRECTIONS = 1024;

  /** The key in it that names the tensor. */
  public static final String TENSOR = "tensor";

  private static final String THRESHOLD = "threshold";
  private static final String MEAN = "mean";
  private static final String BASIS = "basis";
  private static final String VARIANCES = "variances";
  private static final String RESIDUAL = "residual_variance";
  private static final String CENTRES = "class_means";

  private DistanceTestConfig() {}

  /**
   * Reads the test.
   *
   * @return empty if the file has no test
   * @throws dev.glimpse.failure.UnservableModelException if a value is wrong
   */
  static Optional<DistanceTest> read(JsonFile file) {
    if (file.find(DISTANCE) == null) {
      return Optional.empty();
    }
    JsonFile test = file.object(DISTANCE);
    String tensor = test.text(TENSOR);
    if (tensor == null || tensor.isEmpty()) {
      throw test.wrong(TENSOR, "the name of a tensor of the graph");
    }
    float[] mean = numbers(test, MEAN);
    float[] variances = numbers(test, VARIANCES);
    require(mean.length > 0, test, MEAN, "numbers");
    require(mean.length <= MOST_DIMENSIONS, test, MEAN, atMost(MOST_DIMENSIONS));
    require(variances.length <= MOST_DIRECTIONS, test, VARIANCES, atMost(MOST_DIRECTIONS));
    require(variances.length <= mean.length, test, VARIANCES, "at most as many as of the mean");
    require(positive(variances), test, VARIANCES, "positive numbers");
    double residual = test.number(RESIDUAL, 0);
    require(
        (float) residual > 0 && Float.isFinite((float) residual),
        test,
        RESIDUAL,
        "a positive number");
    double threshold = test.number(THRESHOLD, -1);
    require(threshold >= 0 && Double.isFinite(threshold), test, THRESHOLD, "a number from 0 on");
    return Optional.of(
        new DistanceTest(
            tensor,
            mean,
            rows(test, BASIS, variances.length, mean.length),
            variances,
            (float) residual,
            centres(test, variances.length),
            threshold));
  }

  private static float[][] centres(JsonFile test, int length) {
    int count = length == 0 ? 1 : Math.max(1, numbers(test, CENTRES).length / length);
    return rows(test, CENTRES, count, length);
  }

  private static float[][] rows(JsonFile test, String key, int count, int length) {
    float[] numbers = numbers(test, key);
    boolean fits = numbers.length == (long) count * length;
    require(fits, test, key, "rows of %d numbers".formatted(length));
    float[][] rows = new float[count][length];
    for (int i = 0; i < numbers.length; i++) {
      rows[i / length][i % length] = numbers[i];
    }
    return rows;
  }

  private static float[] numbers(JsonFile test, String key) {
    String text = test.text(key);
    if (text == null) {
      throw test.wrong(key, "floats in base64");
    }
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
      require(bytes.remaining() % Float.BYTES == 0, test, key, "floats in base64");
      float[] numbers = new float[bytes.remaining() / Float.BYTES];
      bytes.asFloatBuffer().get(numbers);
      for (float number : numbers) {
        require(Float.isFinite(number), test, key, "finite numbers");
      }
      return numbers;
    } catch (IllegalArgumentException e) {
      throw test.wrong(key, "floats in base64");
    }
  }

  private static String atMost(int count) {
    return "at most %d numbers".formatted(count);
  }

  private static boolean positive(float[] numbers) {
    for (float number : numbers) {
      if (!(number > 0)) {
        return false;
      }
    }
    return true;
  }

  private static void require(boolean right, JsonFile test, String key, String expected) {
    if (!right) {
      throw test.unservable("\"%s\" should be %s".formatted(key, expected));
    }
  }

  /** Writes a test as {@link #read} reads it. */
  public static JsonNode json(DistanceTest test) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put(TENSOR, test.tensor());
    root.put(THRESHOLD, test.threshold());
    root.put(RESIDUAL, test.residual());
    root.put(VARIANCES, base64(test.variances()));
    root.put(MEAN, base64(test.mean()));
    root.put(CENTRES, base64(test.centres()));
    return root.put(BASIS, base64(test.basis()));
  }

  private static String base64(float[]... rows) {
    int length = 0;
    for (float[] row : rows) {
      length += row.length;
    }
    ByteBuffer bytes = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float number : row) {
        bytes.putFloat(number);
      }
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
