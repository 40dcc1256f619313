package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.Fixtures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsCalibrateTest {

  @TempDir Path folder;
  private Path images;
  private Path model;

  private record Ran(int status, String out, String err) {}

  /** Twenty images, of which four are labelled wrongly. */
  @BeforeEach
  void copy() throws IOException {
    images = folder.resolve("images");
    List<String> colors = List.of("red", "green", "blue");
    for (int i = 0; i < 20; i++) {
      String shown = colors.get(i % 3);
      String label = i % 5 == 0 ? colors.get((i + 1) % 3) : shown;
      Path file = images.resolve(label).resolve(i + ".jpg");
      Files.createDirectories(file.getParent());
      Files.write(file, Fixtures.image(shown + ".jpg"));
    }
    model = Files.createDirectories(folder.resolve("colors/1"));
    try (Stream<Path> files = Files.list(Fixtures.MODELS.resolve("colors/1"))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void calibrationIsWrittenBesideTheModelAndUsed() throws Exception {
    Path red = images.resolve("red");
    String before = run("classify", "--model", "colors", "--models", folder + "", red + "").out();
    Ran ran = calibrate("--precision", "0.4");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.status()).isZero();
    assertThat(ran.out())
        .startsWith("colors/1: fitted on 10 images, measured on 10 others")
        .contains("ECE", "log loss", "temperature ", "Wrote " + model.resolve("calibration.json"));
    JsonNode file = new ObjectMapper().readTree(model.resolve("calibration.json").toFile());
    assertThat(file.at("/temperature").doubleValue()).isBetween(0.1, 0.99); // it was too unsure
    assertThat(file.at("/fitted/precision").doubleValue()).isEqualTo(0.4);
    assertThat(file.at("/measured/after/ece").isNumber()).isTrue();
    assertThat(file.at("/files/model.onnx").textValue()).matches("[0-9]+-[0-9]+-[0-9a-f]{8}");
    try (Stream<Path> files = Files.list(model)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".tmp"));
    }
    String after = run("classify", "--model", "colors", "--models", folder + "", red + "").out();
    assertThat(after).isNotEqualTo(before);
    assertThat(run("models", "check", model + "").out())
        .containsPattern("calibrated +temperature .*, uncertain below .* +calibration.json");
  }

  @Test
  void aSecondFitDoesNotDependOnTheFirst() throws Exception {
    calibrate();
    String first = Files.readString(model.resolve("calibration.json"));
    calibrate();
    assertThat(Files.readString(model.resolve("calibration.json"))).isEqualTo(first);
  }

  @Test
  void aFileOfAnotherModelIsRefused() throws Exception {
    calibrate();
    Files.copy(
        Fixtures.MODELS.resolve("colors/2/model.onnx"),
        model.resolve("model.onnx"),
        StandardCopyOption.REPLACE_EXISTING);

    Ran ran = run("models", "check", model.toString());

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .contains(
            "calibration.json was made for another model.onnx than the one beside it; run `models"
                + " calibrate` again, or delete it");
    assertThat(calibrate().status()).as("it is replaced").isZero();
    assertThat(run("models", "check", model.toString()).status()).isZero();
    Files.writeString(model.resolve("calibration.json"), "{");
    assertThat(calibrate().status()).as("it is replaced").isZero();
    assertThat(run("models", "check", model.toString()).status()).isZero();
  }

  @Test
  void aDryRunWritesNothing() {
    assertThat(calibrate("--dry-run").status()).isZero();
    assertThat(model.resolve("calibration.json")).doesNotExist();
  }

  @Test
  void damagedImagesAreNamed() throws Exception {
    Files.writeString(images.resolve("red/broken.jpg"), "no image");
    Ran ran = calibrate();
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).contains("Not classified: 1", "red/broken.jpg");
    assertThat(model.resolve("calibration.json")).exists();
  }

  @Test
  void tooFewImagesSayNothing() throws Exception {
    Files.delete(images.resolve("red/9.jpg"));
    Ran ran = calibrate();
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo("19 images were classified; at least 20 are needed to calibrate a model.\n");
    assertThat(calibrate("--precision", "0").status()).isEqualTo(2);
    assertThat(calibrate("--precision", "1").status()).isEqualTo(2);
    assertThat(calibrate("--bins", "0").status()).isEqualTo(2);
  }

  private Ran calibrate(String... options) {
    return run(
        Stream.of(
                Stream.of("models", "calibrate"),
                Stream.of(options),
                Stream.of("colors", images.toString(), "--models", folder.toString()))
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  private static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Commands.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Ran(status, out.toString(), err.toString());
  }
}
