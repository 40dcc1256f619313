package dev.glimpse.events;

import static dev.glimpse.support.Polling.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.GuardedModels;
import dev.glimpse.support.SelfSigned;
import dev.glimpse.support.Service;
import io.cloudevents.CloudEvent;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sends events of predictions from the packaged application to the SDK of CloudEvents. */
@Tag("repeated")
@Timeout(120)
class EventsIT {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final byte[] RED = Fixtures.image("red.jpg");
  private static final String KEY = "glimpse-secret-key-of-a-caller";
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String PASSWORD = "secret-password-of-the-sink";
  private static final String FILE_NAME = "secret-holiday-photo.jpg";
  private static final String CLIENT_ADDRESS = "203.0.113.77";
  private static final String CALLER = "secret-caller-name";

  @TempDir private Path folder;

  /** With Knative's variables, here as properties, which are read in the same way. */
  @Test
  void predictionsOfEveryProtocolAreLoggedAndNothingThatIsSecret() throws Exception {
    try (EventReceiver receiver = EventReceiver.start()) {
      Map<String, String> settings = new HashMap<>();
      settings.put("K_SINK", "http://user:%s@127.0.0.1:%d/in".formatted(PASSWORD, receiver.port()));
      settings.put("K_CE_OVERRIDES", "{\"extensions\":{\"team\":\"flowers\"}}");
      settings.put("glimpse.cache.max-bytes", "1M");
      settings.put("glimpse.http.trusted-proxies", "127.0.0.1,::1");
      settings.put("glimpse.auth.keys", keys().toString());
      try (Service service = start(settings)) {
        sendEachProtocol(service);
        await().until(() -> receiver.events().size() == 12);
        for (CloudEvent event : receiver.events()) {
          checkEvent(event);
        }
        assertThat(receiver.events()).extracting(CloudEvent::getId).doesNotHaveDuplicates();
        assertThat(receiver.events().stream().map(event -> field(event, "protocol")))
            .containsOnly(
                "predict",
                "predict-batch",
                "kserve-v1",
                "open-inference-v2",
                "hugging-face",
                "torchserve",
                "sagemaker");
        checkKinds(receiver.events());
        assertThat(receiver.headers())
            .contains("authorization: [" + basic("user:" + PASSWORD) + "]");
        assertThat(metrics(service)).contains("glimpse_events_sent_total 12.0");

        flushesAtTheEnd(service, receiver);
        assertThat(service.log()).doesNotContain(PASSWORD, "WARN");
      }
      assertThat(receiver.faults()).isEmpty();
    }
  }

  private Path keys() throws Exception {
    return Files.writeString(
        folder.resolve("keys"),
        "%s %s predict observe\n".formatted(CALLER, GuardedModels.hash(KEY)));
  }

  private static void sendEachProtocol(Service service) throws Exception {
    String base64 = Base64.getEncoder().encodeToString(Fixtures.image("blue.jpg"));
    post(service, "/predict?top_k=1", "image/jpeg", RED);
    post(service, "/predict?top_k=1", "image/jpeg", RED); // cached
    post(service, "/predict", "multipart/form-data; boundary=x", form());
    post(
        service,
        "/predict/batch",
        "application/json",
        json("{'images':[{'b64':'%1$s'},{'b64':'%1$s'}]}", base64));
    post(
        service,
        "/v1/models/colors:predict",
        "application/json",
        json("{'instances':[{'b64':'%s'}]}", base64));
    String input = "{'inputs':[{'name':'pixel_values','datatype':'%s','shape':[%s],'data':[%s]}]}";
    post(
        service,
        "/v2/models/colors/infer",
        "application/json",
        json(input, "BYTES", "2", "'%1$s','%1$s'".formatted(base64)));
    post(
        service,
        "/v2/models/colors/infer",
        "application/json",
        json(input, "FP32", "1,3,32,32", "0,".repeat(3071) + "0"));
    post(service, "/models/colors", "image/jpeg", RED);
    post(service, "/predictions/colors", "image/jpeg", RED);
    post(service, "/invocations", "image/jpeg", RED);
  }

  private static void checkEvent(CloudEvent event) throws Exception {
    String data = new String(event.getData().toBytes(), UTF_8);
    assertThat(PredictionSchema.faults(data)).extracting(ValidationMessage::getMessage).isEmpty();
    assertThat(event.getType()).isEqualTo("dev.glimpse.prediction");
    assertThat(event.getSource()).hasToString("glimpse");
    assertThat(event.getSubject()).isEqualTo("colors");
    assertThat(event.getTime()).hasToString(field(event, "time"));
    assertThat(event.getExtension("team")).isEqualTo("flowers");
    assertThat(event.getExtension("requestid")).isEqualTo("request-of-a-test");
    assertThat(event.getExtension("traceparent")).isEqualTo(TRACE);
    assertThat(field(event, "request_id")).isEqualTo("request-of-a-test");
    for (String name : event.getAttributeNames()) {
      checkNothingIsSecret(String.valueOf(event.getAttribute(name)));
    }
    for (String name : event.getExtensionNames()) {
      checkNothingIsSecret(String.valueOf(event.getExtension(name)));
    }
    checkNothingIsSecret(data);
  }

  private static void checkNothingIsSecret(String text) {
    assertThat(text)
        .doesNotContain(
            KEY,
            CALLER,
            PASSWORD,
            FILE_NAME,
            CLIENT_ADDRESS,
            "127.0.0.1",
            "tenant-of-a-test", // in the query
            Base64.getEncoder().encodeToString(RED).substring(0, 40),
            "/9j/"); // any JPEG in base64
    assertThat(text.length()).isLessThan(1500); // no room for pixels
  }

  private static void checkKinds(List<CloudEvent> events) {
    List<CloudEvent> cached =
        events.stream().filter(event -> has(event, "cached", "true")).toList();
    assertThat(cached)
        .hasSize(5)
        .allSatisfy(event -> assertThat(field(event, "image_width")).isEmpty());
    List<CloudEvent> decoded =
        events.stream().filter(event -> has(event, "image_format", "JPEG")).toList();
    assertThat(decoded)
        .hasSize(6)
        .allSatisfy(event ->
            assertThat(Double.parseDouble(field(event, "image_brightness"))).isBetween(0.05, 0.95));
    assertThat(events.stream().filter(event -> has(event, "position", "1"))).hasSize(2);
  }

  private static boolean has(CloudEvent event, String name, String value) {
    return field(event, name).equals(value);
  }

  private static String field(CloudEvent event, String name) {
    try {
      return EventReceiver.data(event).path(name).asText();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** What waits when SIGTERM comes is sent, when the receiver answers again. */
  private static void flushesAtTheEnd(Service service, EventReceiver receiver) throws Exception {
    receiver.hold();
    for (int i = 0; i < 20; i++) { // more than are sent at a time
      post(service, "/predict", "image/jpeg", RED);
    }
    service.terminate();
    await().until(() -> service.log().contains("Drained in"));
    receiver.resume();
    assertThat(service.ended(30)).isTrue();
    assertThat(receiver.events()).hasSize(32);
    assertThat(service.log()).doesNotContain("were not sent");
  }

  /** KServe's events in batches, over TLS, to a receiver that has every fault in turn. */
  @Test
  void noPredictionFailsWhateverTheReceiverDoes() throws Exception {
    SelfSigned.writePem(folder, "localhost");
    EventReceiver receiver = EventReceiver.startTls(0, folder.resolve("own.p12"));
    int port = receiver.port();
    Map<String, String> settings = new HashMap<>();
    settings.put("glimpse.events", "https://localhost:%d/in".formatted(port));
    settings.put("glimpse.events.type", "kserve");
    settings.put("glimpse.events.mode", "batched");
    settings.put("glimpse.events.extensions", "inferenceservicename=shop,namespace=flowers");
    settings.put("glimpse.events.authorization", "Bearer " + PASSWORD);
    settings.put("glimpse.events.queue.max-events", "40");
    settings.put("javax.net.ssl.trustStore", folder.resolve("trusted.p12").toString());
    settings.put("javax.net.ssl.trustStorePassword", "changeit");
    try (Service service = start(settings)) {
      predict(service, 10);
      await().until(() -> sent(service) == 20);
      checkPairs(receiver.events());

      receiver.answerWith(500);
      predict(service, 100);
      assertThat(depth(service)).isBetween(1, 40);
      receiver.hold(); // it is slow
      predict(service, 50);
      receiver.close(); // it is away
      predict(service, 50);
      assertThat(depth(service)).isEqualTo(40);
      assertThat(dropped(service)).isEqualTo(400 - 40);

      try (EventReceiver back = EventReceiver.startTls(port, folder.resolve("own.p12"))) {
        await().until(() -> depth(service) == 0);
        predict(service, 10);
        await().until(() -> sent(service) == 20 + 40 + 20);
        assertThat(back.events()).hasSize(60);
        assertThat(back.faults()).isEmpty();
      }
      assertThat(dropped(service)).isEqualTo(400 - 40);
      checkLog(service.log());
    }
  }

  private static void checkPairs(List<CloudEvent> events) throws Exception {
    Map<String, List<CloudEvent>> pairs = new HashMap<>();
    events.forEach(
        event -> pairs.computeIfAbsent(event.getId(), id -> new ArrayList<>()).add(event));
    assertThat(pairs).hasSize(10);
    for (List<CloudEvent> pair : pairs.values()) {
      assertThat(pair)
          .extracting(CloudEvent::getType)
          .containsExactly(
              "org.kubeflow.serving.inference.request", "org.kubeflow.serving.inference.response");
      for (CloudEvent event : pair) {
        assertThat(event.getExtension("inferenceservicename")).isEqualTo("shop");
        assertThat(event.getExtension("namespace")).isEqualTo("flowers");
        assertThat(event.getExtension("component")).isEqualTo("predictor");
        assertThat(event.getExtension("endpoint")).isEqualTo("default");
      }
      JsonNode image = EventReceiver.data(pair.get(0)).at("/instances/0");
      assertThat(image.path("format").asText()).isEqualTo("JPEG");
      assertThat(image.path("bytes").asInt()).isEqualTo(RED.length);
      assertThat(EventReceiver.data(pair.get(1)).at("/predictions/0/0/label").asText())
          .isEqualTo("red");
    }
  }

  private static void checkLog(String log) {
    assertThat(log).doesNotContain(PASSWORD);
    assertThat(
            Pattern.compile("WARN.*Events of predictions are not accepted").matcher(log).results())
        .hasSize(1);
    assertThat(
            Pattern.compile("INFO.*Events of predictions are accepted again by localhost:")
                .matcher(log)
                .results())
        .hasSize(1);
    assertThat(log).doesNotContain("ERROR", "Exception");
  }

  private static Service start(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("glimpse.models.path", Fixtures.MODELS.toAbsolutePath().toString());
    settings.put("glimpse.models.default", "colors");
    settings.put("glimpse.drain.quiet", "0s");
    return Service.start(settings);
  }

  /** Sends the image so many times, eight at a time; all are answered. */
  private static void predict(Service service, int times) throws Exception {
    for (int sent = 0; sent < times; sent += 8) {
      List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
      for (int i = sent; i < Math.min(sent + 8, times); i++) {
        responses.add(
            CLIENT.sendAsync(
                request(service, "/predict", "image/jpeg", RED), BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> response : responses) {
        assertThat(response.get().statusCode()).isEqualTo(200);
      }
    }
  }

  private static void post(Service service, String path, String type, byte[] body)
      throws Exception {
    HttpResponse<String> response =
        CLIENT.send(request(service, path, type, body), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(200);
  }

  private static HttpRequest request(Service service, String path, String type, byte[] body) {
    String query = path.contains("?") ? "&" : "?";
    String wanted =
        path.startsWith("/predict?") || path.equals("/predict") ? "" : query + "x=tenant-of-a-test";
    return HttpRequest.newBuilder(
            URI.create("http://localhost:%d%s%s".formatted(service.port(), path, wanted)))
        .header("Content-Type", type)
        .header("X-Request-ID", "request-of-a-test")
        .header("traceparent", TRACE)
        .header("X-Forwarded-For", CLIENT_ADDRESS)
        .header("Authorization", "Bearer " + KEY)
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private static byte[] json(String form, Object... values) {
    return form.formatted(values).replace('\'', '"').getBytes(UTF_8);
  }

  private static byte[] form() {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.writeBytes(
        ("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
                + "Content-Type: image/jpeg\r\n\r\n")
            .formatted(FILE_NAME)
            .getBytes(UTF_8));
    form.writeBytes(RED);
    form.writeBytes("\r\n--x--\r\n".getBytes(UTF_8));
    return form.toByteArray();
  }

  private static String basic(String text) {
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static int sent(Service service) throws Exception {
    return sum(service, "glimpse_events_sent_total");
  }

  private static int dropped(Service service) throws Exception {
    return sum(service, "glimpse_events_dropped_total\\{reason=\"queue-full\",?\\}");
  }

  private static int depth(Service service) throws Exception {
    return sum(service, "glimpse_events_queue_depth");
  }

  private static int sum(Service service, String meter) throws Exception {
    Matcher value = Pattern.compile("(?m)^" + meter + " ([0-9.]+)$").matcher(metrics(service));
    assertThat(value.find()).as(meter).isTrue();
    return (int) Double.parseDouble(value.group(1));
  }

  private static String metrics(Service service) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:%d/q/metrics".formatted(service.port())))
            .header("Authorization", "Bearer " + KEY)
            .header("Accept", "text/plain") // without exemplars
            .build();
    return CLIENT.send(request, BodyHandlers.ofString()).body();
  }
}
