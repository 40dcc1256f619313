package dev.glimpse.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.postprocess.ScoreCalibration;
import dev.glimpse.support.Python;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares what is fitted with what SciPy and NumPy fit to the same outputs. */
@Tag("clients") // installs them
class SciPyTest {

  private static final Path FOLDER = Path.of("src/test/evaluation");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest
  @CsvSource({"4,600,15,2.5,0.9", "10,3000,20,0.4,0.8", "100,1000,10,1.5,0.5"})
  void fitsAreEqual(int classes, int images, int bins, double times, double precision)
      throws Exception {
    List<LabeledOutput> drawn = FitTest.drawn(images, classes, times, classes);
    Halves<LabeledOutput> halves = Halves.of(drawn, LabeledOutput::actual, 1);
    Fit fit =
        Fit.of(
            drawn, Activation.SOFTMAX, ScoreCalibration.NONE, new Fit.Targets(precision, bins, 1));

    ObjectNode given = MAPPER.createObjectNode().put("bins", bins).put("precision", precision);
    // In 100 dimensions, as many directions are found as vary much: one for four images.
    int dimensions = classes == 4 ? 100 : 24;
    List<LabeledOutput> vectors =
        DistanceFitTest.drawn(classes == 4 ? 80 : images / 5, classes % 7, dimensions, 1);
    ObjectNode train = given.putObject("train");
    vectors.forEach(one -> train.withArray("actual").add(one.actual()));
    vectors.forEach(one -> add(train.withArray("vectors").addArray(), one.vector()));
    List<LabeledOutput> others = DistanceFitTest.drawn(50, 3, dimensions, 2);
    others.forEach(one -> add(given.withArray("test").addArray(), one.vector()));
    boolean byClass = classes % 7 > 2;
    given.put("by_class", byClass);
    DistanceTest distance =
        ClassGaussians.fit(
                vectors, "t", byClass, ClassGaussians.directions(vectors.size(), dimensions))
            .orElseThrow();
    given.put("directions", distance.basis().length);
    given.set("fitted", json(halves.fitted()));
    given.set("held", json(halves.heldOut()));
    JsonNode expected = scipy(given);

    assertThat(TemperatureFit.of(halves.fitted(), Activation.SOFTMAX))
        .isCloseTo(expected.get("temperature").doubleValue(), within(1e-5));
    for (int i = 0; i < others.size(); i++) {
      double wanted = expected.get("distances").get(i).doubleValue();
      assertThat(distance.distance(others.get(i).vector()))
          .as("distance of vector %d", i)
          .isCloseTo(wanted, within(2e-4 * wanted));
    }
    ScoreCalibration temperature =
        new ScoreCalibration(fit.calibration().temperature(), OptionalDouble.empty(), Map.of());
    ThresholdFit thresholds =
        ThresholdFit.of(
            Measure.judged(halves.fitted(), Activation.SOFTMAX, temperature), precision);
    assertThat(
            MarginFit.least(halves.fitted(), Activation.SOFTMAX, temperature, precision)
                .orElse(ScoreCalibration.ALWAYS_UNCERTAIN))
        .isCloseTo(expected.get("margin").doubleValue(), within(1e-6));
    assertThat(thresholds.threshold().orElseThrow())
        .isCloseTo(expected.get("threshold").doubleValue(), within(1e-6));
    assertThat(
            thresholds.classes().keySet().stream().map(String::valueOf).collect(Collectors.toSet()))
        .isEqualTo(
            expected.get("classes").properties().stream()
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet()));
    thresholds
        .classes()
        .forEach((index, score) ->
            assertThat(score)
                .as("class %d", index)
                .isCloseTo(expected.get("classes").get("" + index).doubleValue(), within(1e-6)));
    close(fit.before(), expected.get("before"));
    close(fit.after(), expected.get("after"));
  }

  private static void add(ArrayNode row, float[] numbers) {
    for (float number : numbers) {
      row.add((double) number);
    }
  }

  private static void close(Measure actual, JsonNode expected) {
    assertThat(actual.expectedError()).isCloseTo(expected.get("ece").doubleValue(), within(1e-6));
    assertThat(actual.logLoss()).isCloseTo(expected.get("log_loss").doubleValue(), within(1e-6));
  }

  private static ObjectNode json(List<LabeledOutput> images) {
    ObjectNode half = MAPPER.createObjectNode();
    for (LabeledOutput image : images) {
      half.withArray("actual").add(image.actual());
      ArrayNode row = half.withArray("logits").addArray();
      for (float logit : image.output()) {
        row.add((double) logit);
      }
    }
    return half;
  }

  private static JsonNode scipy(ObjectNode given) throws Exception {
    Python python = Python.with(FOLDER.resolve("requirements.txt"));
    Process process =
        new ProcessBuilder(
                python.program("python"),
                "-W",
                "ignore",
                FOLDER.resolve("calibration.py").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().write(given.toString().getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return MAPPER.readTree(printed);
  }
}
