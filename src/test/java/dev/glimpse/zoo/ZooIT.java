package dev.glimpse.zoo;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.GeneratedZoo;
import dev.glimpse.support.Service;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packaged application loads each architecture of the zoo in each export, and its outputs and
 * scores are those of ONNX Runtime in Python with default settings, on the same processor. {@code
 * -Dzoo=write} writes the table of docs/models.md.
 */
@EnabledIfSystemProperty(named = "zoo", matches = ".*", disabledReason = "takes minutes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ZooIT {

  private static final int IMAGES = 2;

  /** Of an output, whose largest value is at most about 10. */
  private static final double TOLERANCE = 1e-5;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final ZooTable table = new ZooTable();

  private Path zoo = Path.of("");
  private String served = "";
  private Service service;
  private ZooModel model;
  private String result = "";

  @BeforeAll
  void generate() throws Exception {
    zoo = GeneratedZoo.folder();
  }

  /** Starts the service with the models of one export. */
  private void serve(String export) throws Exception {
    stop();
    service =
        Service.start(
            Map.of(
                "glimpse.models.path", zoo.resolve("models").resolve(export).toString(),
                "glimpse.models.default", "alexnet",
                "glimpse.repository.poll", "1h")); // models that do not load stop no start
    served = export;
  }

  List<ZooModel> models() throws Exception {
    return ZooModel.all(zoo).stream().sorted(comparing(ZooModel::export)).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void answersAsOnnxRuntimeDoes(ZooModel tested) throws Exception {
    model = tested;
    result = "fails";
    if (!served.equals(model.export())) {
      serve(model.export());
    }
    double largest = 0;
    for (int image = 0; image < IMAGES; image++) {
      double[] reference = model.reference(zoo, image);
      double[] output = output(model.tensor(zoo, image));
      assertThat(output).hasSameSizeAs(reference);
      for (int i = 0; i < output.length; i++) {
        largest = Math.max(largest, Math.abs(output[i] - reference[i]));
      }
      assertPredictions(image, model.scores(reference));
    }
    result = largest == 0 ? "0" : "%.0e".formatted(largest);
    assertThat(largest).isLessThanOrEqualTo(TOLERANCE);
  }

  @AfterEach
  void addToTable() {
    table.add(model, result);
  }

  @AfterAll
  void writeTable() throws Exception {
    stop();
    Files.writeString(Path.of("target/zoo.md"), table.toString());
    if ("write".equals(System.getProperty("zoo"))) {
      table.write();
    }
    assertThat(ZooTable.documented().lines().map(ZooIT::withoutResults))
        .as("the table of docs/models.md, which -Dzoo=write writes")
        .containsExactlyInAnyOrderElementsOf(
            table.toString().lines().map(ZooIT::withoutResults).toList());
  }

  private void stop() {
    if (service != null) {
      service.close();
    }
  }

  private static String withoutResults(String row) {
    return row.replaceAll("^(\\|[^|]*\\|[^|]*\\|).*", "$1");
  }

  /** Sends a tensor as Triton's raw binary request, whose response is a head and the output. */
  private double[] output(byte[] tensor) throws Exception {
    HttpResponse<byte[]> response =
        send(
            "/v2/models/" + model.name() + "/infer",
            tensor,
            "Inference-Header-Content-Length",
            "0");
    int head =
        (int)
            response
                .headers()
                .firstValueAsLong("Inference-Header-Content-Length")
                .orElseThrow(() -> new AssertionError(new String(response.body())));
    return model.numbers(Arrays.copyOfRange(response.body(), head, response.body().length));
  }

  /** The five best classes of an image are the reference's, and named as no file names them. */
  private void assertPredictions(int image, double[] scores) throws Exception {
    byte[] png = Files.readAllBytes(zoo.resolve("inputs").resolve(image + ".png"));
    HttpResponse<byte[]> response =
        send("/predict?top_k=5&model=" + model.name(), png, "Content-Type", "image/png");
    JsonNode predictions = MAPPER.readTree(response.body()).path("predictions");
    double[] sorted = Arrays.stream(scores).sorted().toArray();
    assertThat(predictions).as(new String(response.body())).hasSize(5);
    for (int i = 0; i < 5; i++) {
      int index = predictions.get(i).path("index").asInt();
      assertThat(predictions.get(i).path("label").asText()).isEqualTo("LABEL_" + index);
      double score = predictions.get(i).path("score").asDouble();
      assertThat(score).isCloseTo(scores[index], within(TOLERANCE));
      assertThat(score).isCloseTo(sorted[sorted.length - 1 - i], within(TOLERANCE));
    }
  }

  private HttpResponse<byte[]> send(String path, byte[] body, String header, String value)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://localhost:" + service.port() + path))
            .header(header, value)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }
}
