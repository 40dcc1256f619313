package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Service;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Classifies folders with the packaged application, and compares the rows with the service's
 * responses. {@code -Dclassify.images=10000 -Dclassify.kills=10} takes more images than usual, and
 * kills more runs.
 */
@Timeout(600)
class ClassifyIT {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int IMAGES = Integer.getInteger("classify.images", 200);

  /** So many that a run has not ended before a signal reaches it. */
  private static final int MANY = Math.max(IMAGES, 800);

  private static final int KILLS = Integer.getInteger("classify.kills", 3);
  private static final String MODELS = "src/test/resources/models";
  private static final List<String> MODEL = List.of("--models", MODELS, "--model", "colors");

  private static Service service;

  /** The service's response to each content. */
  private static final Map<String, JsonNode> RESPONSES = new HashMap<>();

  private record Ran(int status, String out, String err) {}

  @BeforeAll
  static void start() throws Exception {
    service = Service.start(Map.of("glimpse.models.path", MODELS));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void rowsAreTheResponsesOfTheService() throws Exception {
    Path images = Fixtures.RESOURCES.resolve("images");

    Ran ran = run("--format", "jsonl", "--top-k", "3", "--lang", "zh", images.toString());

    List<JsonNode> rows = ran.out().lines().map(ClassifyIT::json).toList();
    assertThat(rows).hasSizeGreaterThan(50);
    for (JsonNode row : rows) {
      assertEqualsResponse(row, Path.of(row.get("file").textValue()));
    }
    assertThat(rows.stream().map(row -> row.get("file").textValue())).isSorted();
    assertThat(ran.err()).contains(rows.size() + " images in ", " failed, 3 files are not named");
    assertThat(ran.status()).isEqualTo(1);
  }

  @Test
  void allFineIsStatusZeroAndAWrongOptionTwo(@TempDir Path folder) throws Exception {
    String red = Fixtures.RESOURCES.resolve("images/red.jpg").toString();
    Ran fine = run(red);
    assertThat(fine.err()).isEmpty();
    assertThat(fine.out()).matches("0\\.\\d{4}. red +\\S+red.jpg\n");
    assertThat(fine.status()).isZero();

    assertThat(run("--top-k", "99", red).status()).isEqualTo(2);
    assertThat(run("--lang", "xx", red).err()).contains("--lang must be one of en");
    assertThat(run("--version", "9", red).status()).isEqualTo(1);
    assertThat(run("--resume", red).status()).isEqualTo(2);
    assertThat(run().status()).isEqualTo(2);
    assertThat(run("--output", folder.resolve("no/where.csv").toString(), red).status())
        .isEqualTo(1);
  }

  @Test
  void listOnStandardInputIsRead() throws Exception {
    Path names = Files.createTempFile(Path.of("target"), "names-", ".txt");
    Files.writeString(names, "src/test/resources/images/red.jpg\0nosuch\0");

    Ran ran = run(names, "--null", "-", "--format", "csv");

    assertThat(ran.out().lines())
        .hasSize(3)
        .last()
        .isEqualTo("nosuch,,,,colors/2,\"There is no such file, or it may not be looked for.\"");
    assertThat(ran.status()).isEqualTo(1);
  }

  /** In a container without a locale, where the JDK takes names for ASCII. */
  @Test
  void namesBeyondAsciiNeedNoLocale(@TempDir Path folder) throws Exception {
    Files.write(folder.resolve("röt.jpg"), Fixtures.image("red.jpg"));
    ProcessBuilder builder =
        new ProcessBuilder(
            command(
                "--format", "jsonl", "--sort-into", folder + "/out", "--lang", "zh", "" + folder));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    JsonNode row =
        json(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));

    assertThat(process.waitFor()).isZero();
    assertThat(row.get("file").textValue()).isEqualTo(folder + "/röt.jpg");
    assertThat(row.get("sorted_to").textValue()).isEqualTo("红/röt.jpg");
    assertThat(folder.resolve("out/红/röt.jpg")).exists();
  }

  @ParameterizedTest
  @CsvSource({"copy,csv", "link,jsonl", "move,jsonl"})
  void killedRunsAreGoneOnWith(String by, String format, @TempDir Path folder) throws Exception {
    Map<String, byte[]> files = write(folder.resolve("in"));
    Path output = folder.resolve("rows." + format);
    Path sorted = folder.resolve("sorted");
    String[] arguments = {
      "--recursive",
      "--resume",
      "--output",
      output.toString(),
      "--sort-into",
      sorted.toString(),
      "--by",
      by,
      "--threshold",
      "0.3",
      "--top-k",
      "2",
      "--lang",
      "zh",
      "--workers",
      "2",
      folder.resolve("in").toString()
    };
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int whenKilled = 0;
    for (int i = 0; i < KILLS; i++) {
      Process process = start(arguments);
      long more = size(output) + random.nextInt(IMAGES * 120 / KILLS);
      while (process.isAlive() && size(output) < more) {
        Thread.sleep(1);
      }
      whenKilled += process.isAlive() ? 1 : 0;
      process.destroyForcibly().waitFor();
    }
    assertThat(whenKilled).as("seed %d", seed).isGreaterThanOrEqualTo(KILLS / 2);
    assertThat(start(arguments).waitFor()).isEqualTo(1); // as some are damaged

    List<JsonNode> rows =
        format.equals("csv")
            ? csv(output)
            : Files.readAllLines(output).stream().map(ClassifyIT::json).toList();
    assertThat(rows.stream().map(row -> row.get("file").textValue()))
        .as("seed %d", seed)
        .containsExactlyElementsOf(files.keySet());
    Map<String, String> places = new LinkedHashMap<>();
    for (JsonNode row : rows) {
      byte[] content = files.get(row.get("file").textValue());
      JsonNode response = response(content);
      if (response.has("predictions")) {
        assertThat(row.at("/predictions/0/label")).isEqualTo(response.at("/predictions/0/label"));
        assertThat(row.at("/predictions/1/score").floatValue())
            .isEqualTo(response.at("/predictions/1/score").floatValue());
        String place = row.get("sorted_to").textValue();
        assertThat(places.put(place, "")).isNull();
        assertThat(sorted.resolve(place)).hasBinaryContent(content);
      } else {
        assertThat(row.at("/problem/detail")).isEqualTo(response.get("detail"));
        assertThat(row.has("sorted_to")).isFalse();
      }
      boolean remains = !by.equals("move") || !response.has("predictions");
      assertThat(Files.exists(Path.of(row.get("file").textValue()))).isEqualTo(remains);
    }
    try (Stream<Path> walk = Files.walk(sorted)) {
      assertThat(
              walk.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                  .map(file -> sorted.relativize(file).toString())
                  .filter(name -> !name.equals(".glimpse-lock")))
          .containsExactlyInAnyOrderElementsOf(places.keySet());
    }
  }

  @ParameterizedTest
  @CsvSource({"INT,130", "TERM,143"})
  void signalLetsTheRowsThatHaveBegunBeWritten(String signal, int status, @TempDir Path folder)
      throws Exception {
    Map<String, byte[]> files = write(folder.resolve("in"), MANY);
    Path output = folder.resolve("rows.jsonl");
    String[] arguments = {
      "--recursive", "--resume", "--output", output.toString(), folder.resolve("in").toString()
    };
    Process process = startHeeding("SIG" + signal, arguments);
    while (process.isAlive() && size(output) < 5000) {
      Thread.onSpinWait();
    }
    new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(status);
    String stopped = Files.readString(output);
    assertThat(stopped).endsWith("}\n");
    assertThat(stopped.lines().count()).isLessThan(files.size());
    assertThat(start(arguments).waitFor()).isEqualTo(1);
    assertThat(Files.readString(output)).startsWith(stopped);
    assertThat(Files.readAllLines(output).stream().map(row -> json(row).get("file").textValue()))
        .containsExactlyElementsOf(files.keySet());
  }

  /** Writes images, whole and damaged, and returns them in the order of the rows. */
  private static Map<String, byte[]> write(Path folder) throws IOException {
    return write(folder, IMAGES);
  }

  private static Map<String, byte[]> write(Path folder, int images) throws IOException {
    List<byte[]> contents = contents();
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < images; i++) {
      names.add("%s/%05d%s.jpg".formatted((char) ('a' + i % 7), i, i % 50 == 0 ? " \n,ü" : ""));
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : names) {
      byte[] content = contents.get(files.size() % contents.size());
      Files.createDirectories(folder.resolve(name).getParent());
      Files.write(folder.resolve(name), content);
      files.put(folder + "/" + name, content);
    }
    return files;
  }

  private static List<byte[]> contents() throws IOException {
    Path photos =
        Path.of(System.getenv().getOrDefault("GLIMPSE_TEST_ASSETS", "../shared/assets"))
            .resolve("photos/imagenet");
    Path images = Files.isDirectory(photos) ? photos : Fixtures.RESOURCES.resolve("images");
    List<byte[]> contents = new ArrayList<>();
    Random random = new Random(20);
    try (Stream<Path> files = Files.list(images)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jpg")).sorted().toList()) {
        byte[] image = Files.readAllBytes(file);
        contents.add(image);
        contents.add(Arrays.copyOf(image, image.length / 2));
        byte[] flipped = image.clone();
        for (int i = 0; i < 3 && flipped.length > 0; i++) {
          flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        contents.add(flipped);
      }
    }
    contents.add(new byte[0]);
    contents.add("no image".getBytes(StandardCharsets.UTF_8));
    return contents;
  }

  private static void assertEqualsResponse(JsonNode row, Path file) throws IOException {
    JsonNode response = response(Files.readAllBytes(file));
    assertThat(row.get("predictions")).as(file.toString()).isEqualTo(best(response, 3));
    assertThat(row.at("/problem/detail").asText()).isEqualTo(response.path("detail").asText());
    if (response.has("predictions")) {
      assertThat(row.get("model")).isEqualTo(response.get("model"));
      assertThat(row.get("version")).isEqualTo(response.get("version"));
    }
  }

  private static JsonNode best(JsonNode response, int count) {
    if (!response.has("predictions")) {
      return null;
    }
    var best = MAPPER.createArrayNode();
    for (int i = 0; i < count; i++) {
      best.add(response.get("predictions").get(i));
    }
    return best;
  }

  private static JsonNode response(byte[] content) {
    return RESPONSES.computeIfAbsent(
        Arrays.hashCode(content) + " " + content.length,
        key -> {
          Response response =
              RestAssured.given()
                  .port(service.port())
                  .contentType("application/octet-stream")
                  .queryParam("model", "colors")
                  .queryParam("lang", "zh")
                  .body(content)
                  .post("/predict");
          return json(response.asString());
        });
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException(text, e);
    }
  }

  /** Reads rows as Python's csv does, which knows nothing of this program. */
  private static List<JsonNode> csv(Path file) throws Exception {
    String program =
        """
        import csv, json, re, sys
        for row in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True):
            name = re.sub(r"\\\\u([0-9a-f]{4})", lambda c: chr(int(c[1], 16)), row["file"])
            to = re.sub(r"\\\\u([0-9a-f]{4})", lambda c: chr(int(c[1], 16)), row["sorted_to"])
            out = {"file": name}
            if row["label"]:
                out["predictions"] = [{"label": row["label"], "score": float(row["score"])},
                                      {"label": row["label_2"], "score": float(row["score_2"])}]
                out["sorted_to"] = to
            else:
                out["problem"] = {"detail": row["problem"]}
            print(json.dumps(out))
        """;
    Process python =
        new ProcessBuilder("python3", "-c", program, file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<JsonNode> rows =
        new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .map(ClassifyIT::json)
            .toList();
    assertThat(python.waitFor()).isZero();
    return rows;
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private static List<String> command(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(Service.command(List.of()));
    command.add("classify");
    command.addAll(MODEL);
    command.addAll(List.of(arguments));
    return command;
  }

  private static Process start(String... arguments) throws IOException {
    return start(command(arguments));
  }

  /**
   * A shell starts a job in the background with SIGINT ignored, and this JVM may be of such one.
   */
  private static Process startHeeding(String signal, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=" + signal));
    command.addAll(command(arguments));
    return start(command);
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static Ran run(String... arguments) throws Exception {
    return run(null, arguments);
  }

  private static Ran run(Path stdin, String... arguments) throws Exception {
    Path err = Files.createTempFile(Path.of("target"), "classify-", ".err");
    ProcessBuilder builder = new ProcessBuilder(command(arguments)).redirectError(err.toFile());
    if (stdin != null) {
      builder.redirectInput(stdin.toFile());
    }
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out, Files.readString(err));
  }
}
