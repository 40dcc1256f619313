package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.folder.FileNames;
import dev.glimpse.folder.RowText;
import dev.glimpse.support.Fixtures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsEvaluateTest {

  @TempDir Path folder;
  private Path images;

  private record Ran(int status, String out, String err) {}

  @BeforeEach
  void copy() throws IOException {
    images = folder.resolve("images");
    for (String color : List.of("red", "green", "blue")) {
      put(color + ".jpg", color, "1.jpg");
    }
    put("yellow.png", "yellow", "1.png");
    put("red.jpg", "green", "2.jpg"); // is wrong
  }

  private void put(String image, String label, String name) throws IOException {
    Path file = images.resolve(label).resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, Fixtures.image(image));
  }

  @Test
  void reportIsText() {
    Ran ran = evaluate("colors", images.toString());

    assertThat(ran.err()).isEmpty();
    assertThat(ran.status()).isZero();
    assertThat(ran.out())
        .contains(
            "colors/2 on 5 images of " + images,
            "top-1     80.00 %  (95 % interval 37.55 to 96.38)")
        .containsPattern("green +2 +1\\.0000 +0\\.5000 +0\\.6667")
        .containsPattern("1 +green, taken for red")
        .contains("green/2.jpg");
  }

  @Test
  void reportIsJson() throws Exception {
    put("truncated.jpg", "red", "3.jpg");

    Ran ran = evaluate("colors", "--format", "json", "--against", "colors:1", images.toString());

    JsonNode root = new ObjectMapper().readTree(ran.out());
    assertThat(ran.status()).isEqualTo(1); // as one image is damaged
    assertThat(root.at("/evaluation/top_1").doubleValue()).isEqualTo(0.8);
    assertThat(root.at("/evaluation/version").textValue()).isEqualTo("2");
    assertThat(root.at("/against/version").textValue()).isEqualTo("1");
    assertThat(root.at("/comparison/images").intValue()).isEqualTo(5);
    assertThat(root.at("/evaluation/failures/0/file").textValue()).endsWith("red/3.jpg");
    assertThat(root.at("/evaluation/calibration/curve")).isNotEmpty();
    assertThat(root.at("/verdict").textValue()).contains("colors/2", "colors/1");
  }

  @Test
  void reportIsAPage() throws Exception {
    Path page = folder.resolve("report.html");

    assertThat(evaluate("colors", "--html", page.toString(), images.toString()).status()).isZero();

    assertThat(Files.readString(page))
        .startsWith("<!DOCTYPE html>")
        .contains("data:image/png;base64,", "green/2.jpg", "80.0 %");
  }

  @Test
  void labelsThatAreNoClassAreNamed() throws Exception {
    put("red.jpg", "purple", "1.jpg");

    Ran ran = evaluate("colors", images.toString());

    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .isEqualTo(
            "colors/2 has no class, or several, for the labels purple; its classes are red, green, blue, yellow, black, white. Name a class by its label or its index.\n");
    assertThat(ran.status()).isEqualTo(1);
  }

  @Test
  void modelMayBeAFolder() throws Exception {
    assertThat(evaluate(Fixtures.MODELS.resolve("colors/1").toString(), images.toString()).out())
        .startsWith("colors/1 on 5 images");
    assertThat(evaluate("colors:9", images.toString()).err())
        .contains("has no version 9; it has 1, 2.");
    assertThat(evaluate("colors", folder.resolve("missing").toString()).status()).isEqualTo(1);
  }

  /** A folder in the working directory may have a model's name. */
  @Test
  void aModelsNameIsStrongerThanAFolders() throws Exception {
    Path repository = folder.resolve("models");
    Path version = Files.createDirectories(repository.resolve("src/1")); // as the folder src
    try (Stream<Path> files = Files.list(Fixtures.MODELS.resolve("colors/1"))) {
      for (Path file : files.toList()) {
        Files.copy(file, version.resolve(file.getFileName()));
      }
    }
    assertThat(evaluate("--models", repository.toString(), "src", images.toString()).out())
        .startsWith("src/1 on 5 images");
    assertThat(evaluate("--models", repository.toString(), "./src", images.toString()).status())
        .isEqualTo(1);
  }

  @Test
  void aPageThatCannotBeWrittenIsKnownBefore() {
    Ran ran = evaluate("colors", "--html", folder + "/no/report.html", images.toString());

    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("report.html cannot be written; name a file in a folder");
    assertThat(ran.status()).isEqualTo(1);
  }

  @Test
  void namesInJsonAreThoseOfClassify() throws Exception {
    String name = FileNames.decode(new byte[] {'a', (byte) 0xff, '.', 'j', 'p', 'g'});
    Files.writeString(folder.resolve("list.csv"), "missing\u202e.jpg,red\n");
    assertThat(evaluate("colors", "--format", "json", folder + "/list.csv").out())
        .contains("\"missing\\u202e.jpg\"")
        .doesNotContain("\u202e");
    assertThat(RowText.jsonLines("{\n\"" + name + "\"}\n")).isEqualTo("{\n\"a\\udcff.jpg\"}\n");
  }

  private static Ran evaluate(String... arguments) {
    List<String> all = new ArrayList<>(List.of("models", "evaluate"));
    if (!List.of(arguments).contains("--models")) {
      all.addAll(List.of("--models", "src/test/resources/models"));
    }
    all.addAll(List.of(arguments));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Commands.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    return new Ran(status, out.toString(), err.toString());
  }
}
