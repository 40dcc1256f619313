package dev.glimpse.api.explain;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector as an output of v2's infer: that of {@code /embed}, on the same models. */
@QuarkusTest
@TestProfile(EmbedResourceTest.Heads.class)
class VectorOutputTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int SIDE = 8;
  private static final int DIMENSIONS = 4;
  private static final byte[] SCENE = Fixtures.image("scene.png");
  private static final String HEADER_LENGTH = "Inference-Header-Content-Length";
  private static final String VECTOR = "[{\"name\": \"embedding\"}]";

  /** As large as the models' input, so that its tensor is its pixels divided by 255. */
  private static final BufferedImage SMALL = small();

  /** The first request of a model opens its graph, and the same body is read again then. */
  @ParameterizedTest
  @ValueSource(strings = {"gap-gemm", "conv-relu-gap", "mean-twice", "resnet"})
  void ofAnImageInJson(String model) throws Exception {
    String scores = model.equals("conv-relu-gap") ? "p" : "logits";
    String outputs = "[{\"name\": \"embedding\"}, {\"name\": \"%s\"}]".formatted(scores);
    JsonNode answer = json(infer(model, images(outputs, SCENE)));

    assertThat(answer.at("/outputs/0/name").asText()).isEqualTo("embedding");
    assertThat(answer.at("/outputs/0/datatype").asText()).isEqualTo("FP32");
    assertThat(answer.at("/outputs/0/shape").toString()).isEqualTo("[1,4]");
    assertThat(numbers(answer.at("/outputs/0/data"))).containsExactly(embedded(model, SCENE));
    JsonNode usual = json(infer(model, images("[]", SCENE)));
    assertThat(answer.at("/outputs/1/name").asText()).isEqualTo(scores);
    assertThat(answer.at("/outputs/1/shape")).isEqualTo(usual.at("/outputs/0/shape"));
    assertThat(numbers(answer.at("/outputs/1/data")))
        .containsExactly(numbers(usual.at("/outputs/0/data")), within(1e-5f));
  }

  @Test
  void ofImagesInBinary() throws Exception {
    byte[] small = png(SMALL);
    ByteBuffer files = ByteBuffer.allocate(8 + SCENE.length + small.length);
    files.order(ByteOrder.LITTLE_ENDIAN);
    files.putInt(SCENE.length).put(SCENE).putInt(small.length).put(small);
    String json =
        """
        {"inputs": [{"name": "pixel_values", "datatype": "BYTES", "shape": [2],
           "parameters": {"binary_data_size": %d}}],
         "outputs": [{"name": "embedding", "parameters": {"binary_data": true}}]}\
        """
            .formatted(files.capacity());

    assertThat(binaryOutput(binary("gap-conv/versions/1", json, files.array()), 2))
        .containsExactly(joined(embedded("gap-conv", SCENE), embedded("gap-conv", small)));
  }

  @Test
  void ofTensorsInJson() throws Exception {
    float[] pixels = pixels(SMALL);
    ObjectNode request = MAPPER.createObjectNode();
    ObjectNode input = request.putArray("inputs").addObject();
    input.put("name", "pixel_values").put("datatype", "FP32");
    input.putArray("shape").add(2).add(3).add(SIDE).add(SIDE);
    for (int row = 0; row < 2; row++) {
      for (float pixel : pixels) {
        input.withArray("data").add(row == 0 ? pixel : pixel / 2);
      }
    }
    request.putArray("outputs").addObject().put("name", "logits");
    request.withArray("outputs").addObject().put("name", "embedding");
    JsonNode answer = json(infer("gap-gemm", request.toString()));

    assertThat(answer.at("/outputs/1/shape").toString()).isEqualTo("[2,4]");
    float[] vectors = numbers(answer.at("/outputs/1/data"));
    assertThat(first(vectors)).containsExactly(embedded("gap-gemm", png(SMALL)), within(1e-5f));
    for (int i = 0; i < DIMENSIONS; i++) { // the models have no bias before the pooling
      assertThat(vectors[DIMENSIONS + i]).isCloseTo(vectors[i] / 2, within(1e-5f));
    }
    request.remove("outputs");
    JsonNode usual = json(infer("gap-gemm", request.toString()));
    assertThat(usual.at("/outputs")).hasSize(1); // what is not asked for is not there
    assertThat(numbers(answer.at("/outputs/0/data")))
        .containsExactly(numbers(usual.at("/outputs/0/data")), within(1e-5f));
  }

  /** More than 64 kB, which are in native memory until they have been read for the last time. */
  @Test
  void ofManyTensorsInBinary() throws Exception {
    int rows = 200;
    float[] pixels = pixels(SMALL);
    ByteBuffer data = ByteBuffer.allocate(rows * pixels.length * Float.BYTES);
    data.order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      for (float pixel : pixels) {
        data.putFloat(pixel);
      }
    }
    String json =
        """
        {"inputs": [{"name": "pixel_values", "datatype": "FP32", "shape": [%d, 3, 8, 8],
           "parameters": {"binary_data_size": %d}}],
         "parameters": {"binary_data_output": true}, "outputs": [{"name": "embedding"}]}\
        """
            .formatted(rows, data.capacity());
    float[] vectors = binaryOutput(binary("mean-matmul-add", json, data.array()), rows);

    float[] expected = embedded("mean-matmul-add", png(SMALL));
    for (int i = 0; i < vectors.length; i++) {
      assertThat(vectors[i]).isCloseTo(expected[i % DIMENSIONS], within(1e-5f));
    }
  }

  @Test
  void manyFirstRequestsAtOnce() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(12);
    List<Future<Response>> answers = new ArrayList<>();
    try {
      for (int i = 0; i < 12; i++) {
        answers.add(clients.submit(() -> infer("average-pool", images(VECTOR, SCENE))));
      }
      float[] expected = embedded("average-pool", SCENE);
      for (Future<Response> answer : answers) {
        assertThat(numbers(json(answer.get()).at("/outputs/0/data"))).containsExactly(expected);
      }
    } finally {
      clients.shutdown();
    }
  }

  /** This one's is the negative of the vector, which no client may take for the vector. */
  @Test
  void anOutputOfTheGraphIsNotHidden() throws Exception {
    JsonNode tensors = json(infer("own-embedding", zeros(VECTOR)));

    assertThat(numbers(tensors.at("/outputs/0/data"))).containsExactly(-0f, -0f, -0f, -0f);
    Response images = infer("own-embedding", images(VECTOR, SCENE));
    refused(images, 400, "must be \"logits\", because images have no other output");
  }

  @ParameterizedTest
  @CsvSource({
    "no-layer, embedding, makes no vectors: the graph of \"no-layer\" does not end in a linear layer",
    "gap-gemm, embeddings, 'must be among those of \"gap-gemm\": logits'",
    "gap-gemm, vector, 'must be among those of \"gap-gemm\": logits'",
  })
  void whatIsNotThereIsSaidInWords(String model, String output, String words) {
    String outputs = "[{\"name\": \"%s\"}]".formatted(output);

    refused(infer(model, images(outputs, SCENE)), 400, words);
    refused(infer(model, zeros(outputs)), 400, words);
  }

  @Test
  void hasNoClasses() {
    String best = "[{\"name\": \"embedding\", \"parameters\": {\"classification\": 2}}]";

    refused(infer("gap-gemm", zeros(best)), 400, "needs scores, and \"embedding\" has none");
  }

  @Test
  void inputsAreCheckedAsUsual() {
    String twice = "[{\"name\": \"embedding\"}, {\"name\": \"embedding\"}]";

    refused(infer("mean-of-18", zeros(twice)), 400, "must name each output once");
    refused(infer("mean-of-18", zeros(VECTOR).replace("8, 8]", "4, 16]")), 422, "takes");
    refused(infer("mean-of-18", images(VECTOR, new byte[] {1, 2, 3})), 415, "image");
  }

  @Test
  void hasADeadline() {
    Response answer =
        given()
            .header("grpc-timeout", "1u")
            .body(images(VECTOR, SCENE))
            .post("/v2/models/gap-gemm/infer");

    refused(answer, 504, "The time");
  }

  @Test
  void isNotInTheMetadata() throws Exception {
    infer("gap-gemm", images(VECTOR, SCENE));

    JsonNode outputs = json(given().get("/v2/models/gap-gemm")).get("outputs");
    assertThat(outputs).hasSize(1);
    assertThat(outputs.at("/0/name").asText()).isEqualTo("logits");
  }

  private static void refused(Response answer, int status, String words) {
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
    assertThat(answer.jsonPath().getString("error")).contains(words);
  }

  private static String images(String outputs, byte[] image) {
    return """
    {"inputs": [{"name": "pixel_values", "datatype": "BYTES", "shape": [1], "data": ["%s"]}],
     "outputs": %s}\
    """
        .formatted(Base64.getEncoder().encodeToString(image), outputs);
  }

  private static String zeros(String outputs) {
    return """
    {"inputs": [{"name": "pixel_values", "datatype": "FP32", "shape": [1, 3, 8, 8], "data": [%s0]}],
     "outputs": %s}\
    """
        .formatted("0,".repeat(3 * SIDE * SIDE - 1), outputs);
  }

  private static Response infer(String model, String body) {
    return given()
        .contentType("application/json")
        .body(body)
        .post("/v2/models/" + model + "/infer");
  }

  private static Response binary(String model, String json, byte[] data) {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    return given()
        .contentType("application/octet-stream")
        .header(HEADER_LENGTH, header.length)
        .body(ByteBuffer.allocate(header.length + data.length).put(header).put(data).array())
        .post("/v2/models/" + model + "/infer");
  }

  private static float[] binaryOutput(Response response, int rows) throws IOException {
    byte[] body = response.asByteArray();
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    int length = Integer.parseInt(response.header(HEADER_LENGTH));
    JsonNode output = MAPPER.readTree(body, 0, length).at("/outputs/0");
    assertThat(output.get("name").asText()).isEqualTo("embedding");
    assertThat(output.get("shape").toString()).isEqualTo("[%d,4]".formatted(rows));
    float[] values = new float[rows * DIMENSIONS];
    assertThat(body.length - length).isEqualTo(values.length * Float.BYTES);
    ByteBuffer.wrap(body, length, body.length - length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }

  private static float[] embedded(String model, byte[] image) throws IOException {
    Response answer =
        given().contentType("application/octet-stream").body(image).post("/embed?model=" + model);
    return numbers(json(answer).get("embedding"));
  }

  private static JsonNode json(Response response) throws IOException {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    return MAPPER.readTree(response.asByteArray());
  }

  private static float[] numbers(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }

  private static float[] first(float[] vectors) {
    return Arrays.copyOf(vectors, DIMENSIONS);
  }

  private static float[] joined(float[] first, float[] second) {
    float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static BufferedImage small() {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < SIDE * SIDE; i++) {
      image.setRGB(i % SIDE, i / SIDE, i * 0x030507 + (i * i % 251 << 8));
    }
    return image;
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(image, "png", file);
    return file.toByteArray();
  }

  /** Returns one channel after the other, from 0 to 1. */
  private static float[] pixels(BufferedImage image) {
    float[] values = new float[3 * SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      int place = i % (SIDE * SIDE);
      int shift = 16 - 8 * (i / (SIDE * SIDE));
      values[i] = (image.getRGB(place % SIDE, place / SIDE) >> shift & 0xFF) / 255f;
    }
    return values;
  }
}
