package dev.glimpse.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.support.Python;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares what is reported with what scikit-learn and SciPy compute of the same predictions. */
@Tag("clients") // installs them
class ScikitLearnTest {

  private static final Path FOLDER = Path.of("src/test/evaluation");
  private static final double TOLERANCE = 1e-9;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest
  @CsvSource({"12,500,15,2.0", "3,200,10,0.5", "1000,2000,20,6.0"})
  void figuresAreEqual(int classes, int images, int bins, double sure) throws Exception {
    Random random = new Random(classes);
    ObjectNode given = given(bins);
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      int actual = random.nextInt(classes);
      float[] logits = new float[classes];
      for (int j = 0; j < classes; j++) {
        logits[j] = (float) (random.nextGaussian() + (j == actual ? sure : 0));
      }
      float[] scores = Activation.SOFTMAX.apply(logits);
      judgements.add(Judgement.of("" + i, actual, scores, 0));
      given.withArray("actual").add(actual);
      ArrayNode row = given.withArray("scores").addArray();
      for (float score : scores) {
        row.add((double) score);
      }
    }
    List<String> labels = IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
    Evaluation evaluation = new Evaluation("m", 1, labels, judgements, List.of(), bins);

    JsonNode expected = scikitLearn(given);

    close(evaluation.top1(), expected.get("top_1"));
    if (classes > 5) {
      close(evaluation.top5(), expected.get("top_5"));
    }
    List<ClassScore> scores = evaluation.classScores();
    assertThat(scores).hasSize(expected.at("/classes/0").size());
    for (int i = 0; i < scores.size(); i++) {
      close(scores.get(i).precision(), expected.at("/classes/0/" + i));
      close(scores.get(i).recall(), expected.at("/classes/1/" + i));
      close(scores.get(i).f1(), expected.at("/classes/2/" + i));
    }
    close(Averages.macro(scores), expected.get("macro"));
    close(Averages.weighted(scores), expected.get("weighted"));
    int[][] confusion = new int[classes][classes];
    evaluation
        .confusions()
        .forEach(cell -> confusion[cell.actual()][cell.predicted()] = cell.images());
    assertThat(MAPPER.<JsonNode>valueToTree(confusion)).isEqualTo(expected.get("confusion"));
    Calibration calibration = evaluation.calibration();
    close(calibration.logLoss(), expected.get("log_loss"));
    close(calibration.brier(), expected.get("brier"));
    close(calibration.expectedError(), expected.get("ece"));
    assertThat(calibration.bins()).hasSize(expected.get("curve_share").size());
    for (int i = 0; i < calibration.bins().size(); i++) {
      close(calibration.bins().get(i).accuracy(), expected.at("/curve_share/" + i));
      close(calibration.bins().get(i).score(), expected.at("/curve_score/" + i));
    }
  }

  @Test
  void mcNemarIsTheBinomialTest() throws Exception {
    ObjectNode given = given(10);
    for (int actual = 0; actual < 2; actual++) {
      given.withArray("actual").add(actual);
      given.withArray("scores").addArray().add(0.5).add(0.3).add(0.2);
    }
    Random random = new Random(2);
    for (int i = 0; i < 50; i++) {
      given.withArray("differing").addArray().add(1 + random.nextInt(900)).add(random.nextInt(900));
    }

    for (JsonNode row : scikitLearn(given).get("mcnemar")) {
      Interval any = new Interval(0, 0);
      double p =
          new Comparison(2000, row.get(0).intValue(), row.get(1).intValue(), 0, 0, any, 0, any)
              .mcNemar();
      assertThat(p).isCloseTo(row.get(2).doubleValue(), within(1e-9 * row.get(2).doubleValue()));
    }
  }

  private static ObjectNode given(int bins) {
    ObjectNode given = MAPPER.createObjectNode().put("bins", bins);
    given.putArray("actual");
    given.putArray("scores");
    given.putArray("differing");
    return given;
  }

  private static void close(Averages actual, JsonNode expected) {
    close(actual.precision(), expected.get(0));
    close(actual.recall(), expected.get(1));
    close(actual.f1(), expected.get(2));
  }

  private static void close(double actual, JsonNode expected) {
    assertThat(actual).isCloseTo(expected.doubleValue(), within(TOLERANCE));
  }

  private static JsonNode scikitLearn(ObjectNode given) throws Exception {
    Python python = Python.with(FOLDER.resolve("requirements.txt"));
    Process process =
        new ProcessBuilder(
                python.program("python"),
                "-W",
                "ignore",
                FOLDER.resolve("scikit_learn.py").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().write(given.toString().getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return MAPPER.readTree(printed);
  }
}
