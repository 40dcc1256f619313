package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.repository.FileFingerprint;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistanceTestConfigTest {

  private static final DistanceTest TEST =
      new DistanceTest(
          "/flatten",
          new float[] {0.5f, 0.25f, -1},
          new float[][] {{1, 0, 0}, {0, 0, 1}},
          new float[] {4, 0.5f},
          0.125f,
          new float[][] {{1, 2}, {3, 4}, {5, 6}},
          7.5);

  @TempDir Path folder;
  private Path graph;

  @BeforeEach
  void write() throws IOException {
    graph = folder.resolve("model.onnx");
    Files.writeString(graph, "a graph");
  }

  private DistanceTest read(ObjectNode distance) throws IOException {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putObject("files").put("model.onnx", FileFingerprint.of(graph).toString());
    root.set("distance", distance);
    Files.writeString(folder.resolve(CalibrationFile.NAME), root.toString());
    return CalibrationFile.open(new ModelFolder("m", 1, folder), graph)
        .flatMap(CalibrationFile::distance)
        .orElseThrow();
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    assertThat(read((ObjectNode) DistanceTestConfig.json(TEST)))
        .usingRecursiveComparison()
        .isEqualTo(TEST);
  }

  /**
   * (1, 0, 0) less the mean is (0.5, -0.25, 1): 0.5 and 1 along the directions, and 0.25 besides.
   */
  @Test
  void theDistanceIsThatToTheNearestMean() {
    double nearest = 0.5 * 0.5 / 4 + 1 * 1 / 0.5; // to (1, 2)
    double besides = 0.25 * 0.25 / 0.125;
    double distance = Math.sqrt(nearest + besides);
    float[] vector = {17, 0, 0};
    assertThat(TEST.distance(vector)).isEqualTo(distance);
    assertThat(TEST.withThreshold(distance).isUnlike(vector)).isFalse();
    assertThat(TEST.withThreshold(Math.nextDown(distance)).isUnlike(vector)).isTrue();
    assertThatThrownBy(() -> TEST.distance(new float[2]))
        .hasMessageContaining("a vector of 2 numbers where the test has 3");
  }

  /** 65,536 rows of as many numbers are 2^32, which is 0 as an int, and would take 16 GB. */
  @Test
  void sizesAreBounded() {
    ObjectNode written = (ObjectNode) DistanceTestConfig.json(TEST);
    written.put("mean", ones(65_536)).put("variances", ones(65_536)).put("basis", "");
    assertWrong(written.put("class_means", ""), "\"variances\" should be at most 1024 numbers");
    written.put("variances", ones(1024));
    assertWrong(written, "\"basis\" should be rows of 65536 numbers");
    assertWrong(written.put("mean", ones(65_537)), "\"mean\" should be at most 65536 numbers");
  }

  private void assertWrong(ObjectNode written, String sentence) {
    assertThatThrownBy(() -> read(written))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(sentence);
  }

  private static String ones(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(1);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tensor | 1 | \"tensor\" is 1 and should be a string",
        "tensor | \"\" | the name of a tensor of the graph",
        "mean | \"\" | \"mean\" should be numbers",
        "mean | \"AAAA\" | \"mean\" should be floats in base64",
        "mean | \"?\" | should be floats in base64",
        "mean | \"AADAfwAAwH8AAMB/\" | \"mean\" should be finite numbers",
        "mean | \"AAAAPw==\" | \"variances\" should be at most as many as of the mean",
        "variances | \"AAAAPwAAAAA=\" | \"variances\" should be positive numbers",
        "basis | \"AAAAPw==\" | \"basis\" should be rows of 3 numbers",
        "class_means | \"AAAAPw==\" | \"class_means\" should be rows of 2 numbers",
        "residual_variance | 1e-60 | \"residual_variance\" should be a positive number",
        "residual_variance | 0 | \"residual_variance\" should be a positive number",
        "threshold | -1 | \"threshold\" should be a number from 0 on",
      })
  void wrongValuesAreNamed(String key, String value, String sentence) throws IOException {
    ObjectNode written = (ObjectNode) DistanceTestConfig.json(TEST);
    written.set(key, new ObjectMapper().readTree(value));
    assertThatThrownBy(() -> read(written))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("calibration.json's \"distance\"")
        .hasMessageContaining(sentence);
  }
}
