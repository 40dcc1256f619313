package dev.glimpse.registry;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.Curl;
import dev.glimpse.support.Documents;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.RawConnection.Answer;
import dev.glimpse.support.Repository;
import dev.glimpse.support.ResidentMemory;
import dev.glimpse.support.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Versions that come and go in the packaged application, good and bad ones, while clients keep it
 * busy: each request is answered, and by a version that was good.
 */
@Timeout(600)
class ReloadIT {

  /** So many versions; few for every build, {@code -DargLine=-Dreloads=50} for a proof. */
  private static final int RELOADS = Integer.getInteger("reloads", 12);

  private static final int CLIENTS = 4;
  private static final int KEPT = 2;
  private static final String TOKEN = "sesame-open-sesame-open";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * What memory may come to on top: the collector's liberty, and what malloc does not give back.
   */
  private static final int SOME_MEBIBYTES = 48;

  @TempDir Path folder;

  private final byte[] image = Fixtures.image("daisy.jpg");
  private final Queue<String> lost = new ConcurrentLinkedQueue<>();
  private final Set<String> versions = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile boolean enough;

  @Test
  void noRequestIsLostWhenVersionsAreLoadedByRequest() throws Exception {
    Map<String, String> settings =
        Map.of("glimpse.repository.control", "true", "glimpse.admin.token", TOKEN);
    underLoad(
        settings,
        service -> {
          List<Integer> good = new ArrayList<>(List.of(1));
          long before = 0;
          for (int version = 2; version <= RELOADS + 1; version++) {
            boolean bad = version % 3 == 0;
            put(version, bad);
            Answer loaded = control(service, "load", "{}");
            assertThat(loaded.status()).as(loaded.body()).isEqualTo(bad ? 422 : 200);
            if (bad) {
              assertThat(state(service, version)).isEqualTo("UNAVAILABLE");
              delete(version);
            } else {
              good.add(version);
              if (good.size() > KEPT) {
                int old = good.remove(0);
                String body = "{\"parameters\": {\"version\": \"%d\"}}".formatted(old);
                assertThat(control(service, "unload", body).status()).isEqualTo(200);
                delete(old);
              }
            }
            waitForAnswers(2 * CLIENTS);
            if (version == RELOADS / 2) {
              before = ResidentMemory.mebibytes(service.pid());
            }
          }
          long after = ResidentMemory.mebibytes(service.pid());
          System.out.printf(
              "%d versions, every third bad: %d answers, by versions %s; memory %d MiB at half, %d"
                  + " at the end%n",
              RELOADS, answered.get(), versions, before, after);
          assertThat(after).isLessThan(before + SOME_MEBIBYTES);
        });
  }

  @Test
  void noRequestIsLostWhenTheRepositoryIsPolled() throws Exception {
    underLoad(
        Map.of("glimpse.repository.poll", "100ms"),
        service -> {
          for (int version = 2; version <= 1 + RELOADS / 2; version++) {
            boolean bad = version % 3 == 0;
            put(version, bad);
            while (!state(service, version).equals(bad ? "UNAVAILABLE" : "READY")) {
              waitForAnswers(1);
            }
            delete(bad ? version : version % 3 == 1 ? version - 2 : version - 1);
            waitForAnswers(2 * CLIENTS);
          }
          System.out.printf(
              "polling %d versions: %d answers, by versions %s%n",
              RELOADS / 2, answered.get(), versions);
        });
  }

  @Test
  void theCommandsOfTheReadme() throws Exception {
    Assumptions.assumeTrue(Curl.isInstalled(), "curl is not installed");
    put(1, false);
    put(2, false);
    Pattern blocks = Pattern.compile("```sh\\n(curl [^`]*GLIMPSE_ADMIN_TOKEN[^`]*)```");
    String commands =
        blocks
            .matcher(Documents.text())
            .results()
            .map(block -> block.group(1))
            .filter(block -> block.contains("/v2/repository/"))
            .collect(Collectors.joining());
    assertThat(commands.lines().filter(line -> line.startsWith("curl"))).hasSize(4);
    Map<String, String> settings =
        Map.of(
            "glimpse.models.path",
            folder.toString(),
            "glimpse.repository.control",
            "true",
            "glimpse.admin.token",
            TOKEN);
    try (Service service = Service.start(settings)) {
      ProcessBuilder bash =
          new ProcessBuilder(
              "bash", "-c", commands.replace("localhost:8080", "localhost:" + service.port()));
      bash.environment().put("GLIMPSE_ADMIN_TOKEN", TOKEN);
      Process run = bash.start();
      String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(run.waitFor()).as(commands).isZero();
      assertThat(said).isEqualTo("{}".repeat(4));
      assertThat(state(service, 2)).isEqualTo("UNAVAILABLE");
    }
  }

  @FunctionalInterface
  private interface Changes {
    void make(Service service) throws Exception;
  }

  private void underLoad(Map<String, String> settings, Changes changes) throws Exception {
    put(1, false);
    Map<String, String> all = new java.util.HashMap<>(settings);
    all.put("glimpse.models.path", folder.toString());
    all.put("quarkus.log.level", "WARN");
    try (Service service = Service.start(all)) {
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Thread client = new Thread(() -> ask(service.port()));
        client.start();
        clients.add(client);
      }
      try {
        waitForAnswers(100); // it is warm
        changes.make(service);
      } finally {
        enough = true;
        for (Thread client : clients) {
          client.join();
        }
      }
      assertThat(lost).isEmpty();
      assertThat(versions)
          .allSatisfy(version ->
              assertThat(Integer.parseInt(version) % 3).as("of a good version").isNotZero());
      assertThat(versions).as("versions that answered").hasSizeGreaterThan(2);
      assertThat(service.log()).doesNotContain("ERROR");
    }
  }

  /** Sends the next request as soon as the last is answered. */
  private void ask(int port) {
    try (RawConnection connection = new RawConnection(port)) {
      while (!enough) {
        connection.post(image);
        Answer answer = connection.read();
        JsonNode json = MAPPER.readTree(answer.body());
        if (answer.status() != 200 || !json.at("/predictions/0/label").asText().equals("daisy")) {
          lost.add(answer.toString());
        }
        versions.add(json.path("version").asText());
        answered.incrementAndGet();
      }
    } catch (IOException e) {
      lost.add(e.toString());
    }
  }

  private void waitForAnswers(int more) {
    int target = answered.get() + more;
    await().until(() -> answered.get() >= target || !lost.isEmpty());
  }

  /** Copies the flowers, file by file as people do; a bad version's graph is cut off. */
  private void put(int version, boolean bad) throws IOException {
    Path target = Files.createDirectories(folder.resolve("flowers/" + version));
    for (String name : List.of("model.onnx", "config.json", "preprocessor_config.json")) {
      Files.copy(
          Path.of("models/flowers/1").resolve(name),
          target.resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
    }
    if (bad) {
      byte[] graph = Files.readAllBytes(target.resolve("model.onnx"));
      Files.write(
          target.resolve("model.onnx"), java.util.Arrays.copyOf(graph, graph.length * 3 / 4));
    }
  }

  private void delete(int version) {
    new Repository(folder).delete("flowers/" + version);
  }

  private static Answer control(Service service, String what, String body) throws IOException {
    return post(service, "/v2/repository/models/flowers/" + what, body);
  }

  /** What the index says of a version; nothing if it is not in it. */
  private static String state(Service service, int version) throws IOException {
    String state = "";
    for (JsonNode one : MAPPER.readTree(post(service, "/v2/repository/index", "").body())) {
      if (one.path("version").asText().equals(Integer.toString(version))) {
        state = one.path("state").asText();
      }
    }
    return state;
  }

  private static Answer post(Service service, String path, String body) throws IOException {
    try (RawConnection connection = new RawConnection(service.port())) {
      connection.send(
          "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(path, TOKEN, body.length(), body)
              .getBytes(StandardCharsets.US_ASCII));
      return connection.read();
    }
  }
}
