package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.GrpcClient.HEALTH;
import static dev.glimpse.api.grpc.services.GrpcClient.INFERENCE;
import static dev.glimpse.api.grpc.services.InferRequests.floats;
import static dev.glimpse.api.grpc.services.InferRequests.input;
import static dev.glimpse.api.grpc.services.InferRequests.longs;
import static dev.glimpse.api.grpc.services.InferRequests.of;
import static dev.glimpse.api.grpc.services.InferRequests.output;
import static dev.glimpse.api.grpc.services.InferRequests.strings;
import static dev.glimpse.api.grpc.services.InferRequests.typed;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.grpc.services.GrpcClient.Reply;
import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(TensorModels.class)
class GrpcTest {

  private GrpcClient client;

  @BeforeEach
  void connect() {
    client = new GrpcClient(RestAssured.port);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private Reply infer(MessageWriter request) {
    return client.call(INFERENCE + "ModelInfer", request);
  }

  @Test
  void rawTensorsAreAnsweredWithRawOutputs() {
    ProtoFields answer = infer(InferRequests.rawTable()).message();

    assertThat(answer.text(1)).isEqualTo("tabular");
    assertThat(answer.text(2)).isEqualTo("1");
    assertThat(answer.text(3)).isEqualTo("row 7");
    List<ProtoFields> outputs = answer.messages(5);
    assertThat(outputs).extracting(output -> output.text(1)).containsExactly("score", "class");
    assertThat(outputs).extracting(output -> output.text(2)).containsExactly("FP32", "INT64");
    assertThat(outputs)
        .extracting(output -> output.numbers(3))
        .containsExactly(List.of(2L, 1L), List.of(2L, 1L));
    assertThat(outputs).allMatch(output -> output.all(5).isEmpty());
    assertThat(answer.allBytes(6)).containsExactly(floats(22, 1.75f), longs(1, 0));
  }

  @Test
  void typedTensorsAreAnsweredWithTypedOutputs() {
    ProtoFields answer = infer(InferRequests.typedTable()).message();

    assertThat(answer.all(6)).isEmpty();
    List<ProtoFields> outputs = answer.messages(5);
    assertThat(outputs.get(0).messages(5).get(0).allBytes(6)).containsExactly(floats(22, 1.75f));
    assertThat(outputs.get(1).messages(5).get(0).numbers(3)).containsExactly(1L, 0L);
  }

  /** Two of each type, the least and the greatest, once raw and once typed where that exists. */
  @Test
  void everyTypeOfElementComesBackAsItWent() {
    Map<String, byte[]> raw =
        Map.of(
            "bool", new byte[] {1, 0},
            "int8", new byte[] {-128, 127},
            "int16", new byte[] {0, -128, -1, 127},
            "int32", new byte[] {0, 0, 0, -128, -1, -1, -1, 127},
            "int64", longs(Long.MIN_VALUE, Long.MAX_VALUE),
            "uint8", new byte[] {0, -1},
            "float16", new byte[] {-1, -5, 0, 4},
            "float", floats(1.4e-45f, Float.NaN),
            "double",
                longs(Double.doubleToLongBits(4.9e-324), Double.doubleToLongBits(Double.MAX_VALUE)),
            "string", strings("雏菊".getBytes(StandardCharsets.UTF_8), new byte[0]));
    MessageWriter request = of("echo");
    raw.keySet().forEach(name -> request.message(5, input(name, datatype(name), 1L, 2L)));
    raw.values().forEach(data -> request.element(7, data));

    ProtoFields answer = infer(request).message();

    List<ProtoFields> outputs = answer.messages(5);
    assertThat(outputs).hasSameSizeAs(raw.keySet());
    for (int i = 0; i < outputs.size(); i++) {
      String name = outputs.get(i).text(1).replace("same_", "");
      assertThat(outputs.get(i).text(2)).isEqualTo(datatype(name));
      assertThat(answer.allBytes(6).get(i)).as(name).isEqualTo(raw.get(name));
    }
  }

  private static String datatype(String onnx) {
    return Datatype.ofOnnx(onnx).orElseThrow().name();
  }

  @Test
  void imagesAreAnsweredToTheBitAsByHttp() throws Exception {
    byte[] images = strings(Fixtures.image("red.jpg"), Fixtures.image("scene.png"));
    ProtoFields answer =
        infer(of("colors").message(5, input("pixel_values", "BYTES", 2L)).element(7, images))
            .message();

    assertThat(answer.messages(5).get(0).numbers(3)).containsExactly(2L, 6L);
    assertThat(answer.allBytes(6)).containsExactly(byHttp(images));
  }

  private static byte[] byHttp(byte[] images) {
    String json =
        "{\"inputs\":[{\"name\":\"pixel_values\",\"datatype\":\"BYTES\",\"shape\":[2],\"parameters\":"
            + "{\"binary_data_size\":%d}}],\"parameters\":{\"binary_data_output\":true}}"
                .formatted(images.length);
    byte[] head = json.getBytes(StandardCharsets.UTF_8);
    byte[] body = ByteBuffer.allocate(head.length + images.length).put(head).put(images).array();
    var response =
        given()
            .header("Inference-Header-Content-Length", head.length)
            .contentType("application/octet-stream")
            .body(body)
            .post("/v2/models/colors/infer");
    byte[] bytes = response.asByteArray();
    int from = Integer.parseInt(response.header("Inference-Header-Content-Length"));
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  @Test
  void ofImagesTheBestClassesAreNamed() throws Exception {
    MessageWriter images =
        new MessageWriter()
            .element(8, Fixtures.image("red.jpg"))
            .element(8, Fixtures.image("blue.jpg"));
    ProtoFields answer =
        infer(
                of("colors")
                    .text(2, "1")
                    .message(5, input("pixel_values", "BYTES", 2L, 1L).message(5, images))
                    .message(6, output("logits", 2)))
            .message();

    ProtoFields best = answer.messages(5).get(0);
    assertThat(best.numbers(3)).containsExactly(2L, 2L);
    List<String> texts = best.messages(5).get(0).texts(8);
    assertThat(texts.get(0)).matches("[0-9.]+:0:red");
    assertThat(texts.get(2)).matches("[0-9.]+:2:blue");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void aMessageMayBeCompressed(String coding) throws IOException {
    byte[] body = compressed(coding, InferRequests.rawTable().toBytes());
    Reply reply =
        GrpcClient.await(
            client.send(INFERENCE + "ModelInfer", body, Map.of("grpc-encoding", coding)));

    assertThat(reply.message().allBytes(6)).containsExactly(floats(22, 1.75f), longs(1, 0));
    assertThat(reply.fields().get("grpc-accept-encoding")).contains("gzip");
  }

  private static byte[] compressed(String coding, byte[] message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        coding.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
      out.write(message);
    }
    return ByteBuffer.allocate(5 + bytes.size())
        .put((byte) 1)
        .putInt(bytes.size())
        .put(bytes.toByteArray())
        .array();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | '' | INVALID_ARGUMENT | holds no message",
        "0000000001 | '' | INVALID_ARGUMENT | must hold one message",
        "000000000000 | '' | INVALID_ARGUMENT | must hold one message",
        "00ffffffff00 | '' | INVALID_ARGUMENT | must hold one message",
        "0000000001ff | '' | INVALID_ARGUMENT | not a ModelInferRequest in protobuf",
        "00000000010c | '' | INVALID_ARGUMENT | not a ModelInferRequest in protobuf",
        "0000000000 | '' | INVALID_ARGUMENT | model_name must be",
        "0100000000 | '' | INTERNAL | grpc-encoding must say how",
        "0100000000 | identity | INTERNAL | grpc-encoding must say how",
        "0200000000 | gzip | INVALID_ARGUMENT | must begin with 0",
        "0100000000 | gzip | INVALID_ARGUMENT | not gzip",
        "0100000000 | zstd | UNIMPLEMENTED | is not supported",
      })
  void malformedBodiesAreRefused(String hex, String coding, GrpcStatus status, String text) {
    byte[] body = HexFormat.of().parseHex(hex);
    Map<String, String> headers = coding.isEmpty() ? Map.of() : Map.of("grpc-encoding", coding);
    Reply reply = GrpcClient.await(client.send(INFERENCE + "ModelInfer", body, headers));

    assertThat(reply.httpStatus()).isEqualTo(200);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status.code());
    assertThat(reply.text()).contains(text);
  }

  @ParameterizedTest
  @CsvSource({
    "nothing, '', NOT_FOUND, UNKNOWN_MODEL, no model \"nothing\"",
    "tabular, 9, NOT_FOUND, UNKNOWN_MODEL, no version 9",
    "tabular, x, INVALID_ARGUMENT, INVALID_PARAMETER, version must be",
    "lookup, '', INVALID_ARGUMENT, UNFIT_TENSOR, visits",
    "tabular, '', INVALID_ARGUMENT, UNFIT_TENSOR, 'measures float[?,2], member bool[?,1]'",
  })
  void failuresHaveAStatusAndDetails(
      String model, String version, GrpcStatus status, String reason, String text) {
    Reply reply =
        infer(
            of(model)
                .text(2, version)
                .message(5, input("visits", "INT64", 1L, 1L))
                .element(7, longs(1)));

    assertThat(reply.status()).as(reply.text()).isEqualTo(status.code());
    assertThat(reply.text()).contains(text);
    ProtoFields details =
        ProtoFields.of(Base64.getDecoder().decode(reply.fields().get("grpc-status-details-bin")));
    assertThat(details.number(1)).isEqualTo(status.code());
    assertThat(details.text(2)).isEqualTo(reply.text());
    ProtoFields info = details.messages(3).get(0);
    assertThat(info.text(1)).isEqualTo("type.googleapis.com/google.rpc.ErrorInfo");
    assertThat(info.messages(2).get(0).texts(1)).containsExactly(reason);
    ProtoFields request = details.messages(3).get(1).messages(2).get(0);
    assertThat(request.text(1)).isEqualTo(reply.fields().get("X-Request-ID"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INT64 | 2 | 3 | 01 | another number",
        "INT64 | 1 | 3 | 0101 | more elements",
        "INT64 | 1 | 3 | '' | another number",
        "INT64 | 2000000000 | 3 | 01 | fewer elements",
        "INT64 | 1 | 6 | 00000000 | must hold int64_contents",
        "INT8 | 1 | 2 | 8001 | INT8 cannot hold",
        "UINT8 | 1 | 4 | 8002 | UINT8 cannot hold",
        "FP16 | 1 | 6 | 00000000 | raw_input_contents only",
        "INT64 | 1 | 3 | 80 | not a ModelInferRequest",
        "FP8 | 1 | 3 | 01 | datatype must be one of",
      })
  void contentsHaveToFitTheTypeAndShape(
      String type, long size, int field, String hex, String text) {
    byte[] packed = HexFormat.of().parseHex(hex);
    Reply reply = infer(of("lookup").message(5, typed(input("number", type, size), field, packed)));

    assertThat(reply.status()).as(reply.text()).isEqualTo(GrpcStatus.INVALID_ARGUMENT.code());
    assertThat(reply.text()).contains(text);
  }

  @Test
  void elementsThatAreNotPackedAreReadToo() {
    MessageWriter contents = new MessageWriter().number(3, 2).number(3, 1);
    ProtoFields answer =
        infer(of("lookup").message(5, input("number", "INT64", 2L).message(5, contents))).message();

    assertThat(answer.messages(5).get(0).messages(5)).isNotEmpty();
  }

  @Test
  void contentsInPartsBelongTogether() {
    MessageWriter input = input("number", "INT64", 2L);
    input.message(5, new MessageWriter().number(3, 2)).message(5, new MessageWriter().number(3, 1));

    assertThat(infer(of("lookup").message(5, input)).message().messages(5)).isNotEmpty();
  }

  /** An empty part is two bytes of a message, and would be many more on the heap. */
  @Test
  void contentsComeInFewPartsBesideEmptyOnes() {
    MessageWriter input = input("number", "INT64", 2L);
    for (int i = 0; i < 2000; i++) {
      input.message(5, new MessageWriter());
    }
    input.message(5, new MessageWriter().number(3, 2)).message(5, new MessageWriter().number(3, 1));
    assertThat(infer(of("lookup").message(5, input)).message().messages(5)).isNotEmpty();

    MessageWriter many = input("number", "INT64", 1025L);
    for (int i = 0; i < 1025; i++) {
      many.message(5, new MessageWriter().number(3, 1));
    }
    Reply refused = infer(of("lookup").message(5, many));
    assertThat(refused.status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT.code());
    assertThat(refused.text()).contains("contents must come in at most 1024 parts");
  }

  @Test
  void rawContentsAreAsManyAsInputs() {
    Reply tooFew = infer(InferRequests.rawTable().element(7, new byte[1]));
    assertThat(tooFew.text()).contains("raw_input_contents must hold as many elements as inputs");

    Reply both =
        infer(
            of("lookup")
                .message(5, typed(input("number", "INT64", 1L), 3, new byte[] {1}))
                .element(7, longs(1)));
    assertThat(both.text()).contains("contents must not be there where raw_input_contents is");
  }

  @Test
  void theServerAndItsModelsDescribeThemselves() {
    MessageWriter none = new MessageWriter();
    assertThat(client.call(INFERENCE + "ServerLive", none).message().number(1)).isEqualTo(1);
    assertThat(client.call(INFERENCE + "ServerReady", none).message().number(1)).isEqualTo(1);
    ProtoFields server = client.call(INFERENCE + "ServerMetadata", none).message();
    assertThat(server.text(1)).isEqualTo("glimpse");
    assertThat(server.texts(3)).contains("classification");

    ProtoFields model = client.call(INFERENCE + "ModelMetadata", of("colors")).message();
    assertThat(model.text(1)).isEqualTo("colors");
    assertThat(model.texts(2)).containsExactly("1", "2");
    assertThat(model.text(3)).isEqualTo("onnx_onnxv1");
    assertThat(model.messages(4).get(0).text(1)).isEqualTo("pixel_values");
    assertThat(model.messages(4).get(0).text(2)).isEqualTo("FP32");
    assertThat(model.messages(4).get(0).numbers(3)).containsExactly(-1L, 3L, 32L, 32L);
    assertThat(model.messages(5).get(0).text(1)).isEqualTo("logits");
    assertThat(client.call(INFERENCE + "ModelMetadata", of("nothing")).status())
        .isEqualTo(GrpcStatus.NOT_FOUND.code());
  }

  @Test
  void modelsAreReadyOrNot() {
    assertThat(client.call(INFERENCE + "ModelReady", of("colors")).message().number(1))
        .isEqualTo(1);
    assertThat(client.call(INFERENCE + "ModelReady", of("colors").text(2, "7")).message().number(1))
        .isZero();
    assertThat(client.call(INFERENCE + "ModelReady", of("nothing")).message().number(1)).isZero();
  }

  @Test
  void healthIsChecked() {
    for (String service : List.of("", "inference.GRPCInferenceService", "readiness", "liveness")) {
      assertThat(client.call(HEALTH + "Check", of(service)).message().number(1))
          .as(service)
          .isEqualTo(1);
    }
    assertThat(client.call(HEALTH + "Check", of("other")).status())
        .isEqualTo(GrpcStatus.NOT_FOUND.code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/inference.GRPCInferenceService/Nothing",
        "/a.Service/Method",
        "/predict",
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", // off by default
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
      })
  void anUnknownMethodIsUnimplemented(String method) {
    assertThat(client.call(method, new MessageWriter()).status())
        .isEqualTo(GrpcStatus.UNIMPLEMENTED.code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1n", "0n", "0S"})
  void whatTakesLongerThanItMayEndsWithItsDeadline(String timeout) {
    Reply reply =
        client.call(
            INFERENCE + "ModelInfer", InferRequests.rawTable(), Map.of("grpc-timeout", timeout));

    assertThat(reply.status()).as(reply.text()).isEqualTo(GrpcStatus.DEADLINE_EXCEEDED.code());
  }

  @ParameterizedTest
  @ValueSource(strings = {INFERENCE + "ServerLive", INFERENCE + "ModelReady", HEALTH + "Check"})
  void smallCallsHaveADeadlineToo(String method) {
    Reply passed = client.call(method, new MessageWriter(), Map.of("grpc-timeout", "0n"));
    assertThat(passed.status()).as(passed.text()).isEqualTo(GrpcStatus.DEADLINE_EXCEEDED.code());

    GrpcStream stalled = new GrpcStream(client, method, Map.of("grpc-timeout", "50m"));
    assertThat(GrpcClient.await(stalled.status())).isEqualTo(GrpcStatus.DEADLINE_EXCEEDED.code());
    stalled.cancel();
  }

  @Test
  void aMessageOfTheLargestSizeIsReadAndALargerOneIsNot() {
    int most = TensorModels.MOST_BYTES;
    byte[] frame = ByteBuffer.allocate(5 + most + 1).put((byte) 0).putInt(most + 1).array();
    Reply larger = GrpcClient.await(client.send(INFERENCE + "ModelInfer", frame, Map.of()));
    assertThat(larger.status()).as(larger.text()).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED.code());
    assertThat(larger.text()).contains("glimpse.image.max-bytes");

    byte[] whole = Arrays.copyOf(frame, 5 + most);
    ByteBuffer.wrap(whole).put((byte) 0).putInt(most);
    Reply read = GrpcClient.await(client.send(INFERENCE + "ModelInfer", whole, Map.of()));
    assertThat(read.text()).contains("not a ModelInferRequest"); // a tag of 0
  }

  @Test
  void aMessageThatAnnouncesTooMuchIsRefusedBeforeItArrives() {
    GrpcStream call = new GrpcStream(client, INFERENCE + "ModelInfer", Map.of());
    byte[] prefix =
        ByteBuffer.allocate(5).put((byte) 0).putInt(TensorModels.MOST_BYTES + 1).array();

    call.send(Arrays.copyOf(prefix, 3));
    call.send(Arrays.copyOfRange(prefix, 3, 5));

    assertThat(GrpcClient.await(call.status())).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED.code());
    call.cancel();
  }

  @Test
  void aSecondMessageIsRefusedBeforeItEnds() {
    GrpcStream call = new GrpcStream(client, INFERENCE + "ModelInfer", Map.of());

    call.send(InferRequests.rawTable().framed());
    call.send(new byte[1]);

    assertThat(GrpcClient.await(call.status())).isEqualTo(GrpcStatus.INVALID_ARGUMENT.code());
    call.cancel();
  }

  @Test
  void aMessageMayArriveInAnyPieces() {
    byte[] frame = InferRequests.rawTable().framed();
    GrpcStream call = new GrpcStream(client, INFERENCE + "ModelInfer", Map.of());
    for (int i = 0; i < frame.length; i++) {
      call.send(Arrays.copyOfRange(frame, i, i + 1));
    }
    call.end();

    assertThat(GrpcClient.await(call.status())).isZero();
  }

  @Test
  void manyCallsShareAConnection() {
    List<Future<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      replies.add(
          client.send(INFERENCE + "ModelInfer", InferRequests.rawTable().framed(), Map.of()));
    }
    for (Future<Reply> reply : replies) {
      Reply ended = GrpcClient.await(reply);
      assertThat(ended.status()).isIn(0, GrpcStatus.UNAVAILABLE.code());
    }
    assertThat(replies).anyMatch(reply -> reply.result().status() == 0);
  }

  @Test
  void otherTypesAndHttp1AreNoCalls() {
    for (String type : List.of("application/grpc", "application/json")) {
      var response = given().contentType(type).post(HEALTH + "Check");
      assertThat(response.statusCode()).isEqualTo(415);
      assertThat(response.asString()).contains("application/grpc, by HTTP/2");
    }
  }
}
