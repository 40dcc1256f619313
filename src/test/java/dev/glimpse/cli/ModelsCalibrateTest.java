package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.support.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
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

  /** Of white, the mean over the picture is far from those of all colors. */
  @Test
  void imagesUnlikeThoseThatWereCalibratedWithAreUncertain() throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < 120; i++) {
      int strong = 200 + random.nextInt(56);
      int[] rgb = {random.nextInt(50), random.nextInt(50), random.nextInt(50)};
      rgb[i % 3] = strong;
      String label = List.of("red", "green", "blue").get(i % 3);
      draw(images.resolve(label).resolve("tint" + i + ".png"), rgb[0], rgb[1], rgb[2]);
    }
    Path white = draw(folder.resolve("white.png"), 250, 255, 252);
    Path red = draw(folder.resolve("red.png"), 230, 25, 30);
    assertThat(reasons(white, red)).doesNotContain("unlike_training");

    assertThat(calibrate().out()).contains("no distance test, as --keep was not given");
    assertThat(calibration().has("distance")).isFalse();
    assertThat(reasons(white, red)).doesNotContain("unlike_training");

    Ran ran = calibrate("--keep", "0.9");
    assertThat(ran.out()).contains("unlike the classes at a distance above", "keep 90 %");
    assertThat(calibration().at("/fitted/kept").doubleValue()).isEqualTo(0.9);
    assertThat(calibration().at("/measured/kept").doubleValue()).isBetween(0.75, 1.0);
    String[] rows = reasons(white, red).split("\n");
    assertThat(rows[0]).contains("white.png", "\"uncertain_reason\":\"unlike_training\"");
    assertThat(rows[1]).contains("red.png").doesNotContain("unlike_training");
    assertThat(run("models", "check", model.toString()).out())
        .containsPattern("unlike +3 numbers at a distance above .* +calibration.json: distance")
        .containsPattern("output +logits float");

    ObjectNode wrong = calibration();
    ((ObjectNode) wrong.get("distance")).put("tensor", "pixel_values_of_another");
    Files.writeString(model.resolve("calibration.json"), wrong.toString());
    assertThat(run("models", "check", model.toString()).err())
        .contains(
            "calibration.json's \"distance\": \"tensor\" names \"pixel_values_of_another\", which the"
                + " graph does not make; run `models calibrate` again, or delete it")
        .doesNotContain("model.onnx cannot be loaded");
    assertThat(calibrate("--keep", "0").status()).isEqualTo(2);
    assertThat(calibrate("--keep", "1.1").status()).isEqualTo(2);
  }

  private ObjectNode calibration() throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(model.resolve("calibration.json").toFile());
  }

  private String reasons(Path... files) {
    return run(Stream.concat(
                Stream.of("classify", "--format", "jsonl", "--model", "colors"),
                Stream.concat(
                    Stream.of("--models", folder.toString()), Stream.of(files).map(Path::toString)))
            .toArray(String[]::new))
        .out();
  }

  private static Path draw(Path file, int red, int green, int blue) throws IOException {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 32 * 32; i++) {
      image.setRGB(i % 32, i / 32, (red << 16) | (green << 8) | blue);
    }
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  @Test
  void theReportSaysWhyThereIsNoDistanceTest() throws Exception {
    assertThat(calibrate("--keep", "0.9").out())
        .contains("no distance test, as it takes 40 images to fit one, and 10 were fitted on");
    assertThat(calibration().has("distance")).isFalse();
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
