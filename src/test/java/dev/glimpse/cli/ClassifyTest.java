package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifyTest {

  private static final String RED = Fixtures.RESOURCES.resolve("images/red.jpg").toString();
  private static final String TRAFFIC = "glimpse.models.colors.traffic";

  private static final String NO_SETTING = "glimpse.image.colour";
  private static final String COLORS =
      "classify --models src/test/resources/models --model colors ";

  private record Ran(int status, String out, String err) {}

  @AfterEach
  void forget() {
    System.clearProperty(TRAFFIC);
    System.clearProperty("glimpse.image.max-bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--resume x | --resume needs --output.",
        "--resume -o a.txt x | --resume needs --format csv or jsonl",
        "--by link x | --by needs --sort-into.",
        "--by steal --sort-into y x | must be one of copy|link|move",
        "--format xml x | must be one of table|csv|jsonl",
        "--threshold 1.5 x | --threshold must be from 0 to 1.",
        "--workers 0 x | --workers must be from 1 to 256.",
        "--version 0 x | --version must be ",
        "--null x | --null is about a list on standard input",
        "-r --sort-into x/../x x | --sort-into must name another folder",
        "--top-k 7 --model colors x | --top-k must be from 1 to 6",
        "--top-k 0 --model colors x | --top-k must be from 1 to 6",
        "--lang % --model colors x | --lang must be one of en, zh",
        "--lang xx --model colors x | --lang must be one of en, zh",
        "--colour x | Unknown option: '--colour'",
      })
  void wrongOptionsAreUsageErrors(String arguments, String error) {
    Ran ran = classify(arguments.split(" "));

    assertThat(ran.err()).contains(error);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.status()).isEqualTo(2);
  }

  @Test
  void versionIsTheOneThatTheServiceWouldTake() {
    assertThat(classify("--format", "csv", "--model", "colors", RED).out()).contains(",colors/2,");
    System.setProperty(TRAFFIC, "1:90,2:10");
    assertThat(classify("--format", "csv", "--model", "colors", RED).out()).contains(",colors/1,");
    assertThat(classify("--format", "csv", "--model", "colors", "--version", "2", RED).out())
        .contains(",colors/2,");
  }

  @Test
  void unknownModelsAreReported() {
    assertThat(classify("--model", "daisies", RED))
        .isEqualTo(
            new Ran(
                1,
                "",
                "The repository src/test/resources/models holds no model \"daisies\"; it holds colors, colors-division, colors-sigmoid, colors-softmax, colors-softmax-cast, unversioned.\n"));
  }

  @Test
  void largeFilesAreNotRead() {
    System.setProperty("glimpse.image.max-bytes", "100");

    Ran ran = classify("--model", "colors", RED);

    assertThat(ran.out()).contains("failed  " + RED, " bytes; at most 100 are read.");
    assertThat(ran.status()).isEqualTo(1);
  }

  @Test
  void formatIsThatOfTheOutputsName(@TempDir Path folder) throws Exception {
    Path csv = folder.resolve("rows.CSV");
    Path jsonl = folder.resolve("rows.jsonl");
    assertThat(classify("--model", "colors", "-o", csv.toString(), RED))
        .isEqualTo(new Ran(0, "", ""));
    assertThat(classify("--model", "colors", "-o", jsonl.toString(), RED).status()).isZero();

    assertThat(Files.readString(csv)).startsWith("file,label,score,uncertain,model,problem\r\n");
    assertThat(Files.readString(jsonl)).startsWith("{\"file\":");
    assertThat(classify("--model", "colors", "-o", csv.toString(), RED).err())
        .contains("rows.CSV exists; name another file");
  }

  @Test
  void whatFailedBeforeAResumedRunStillFails(@TempDir Path folder) {
    String csv = folder.resolve("rows.csv").toString();
    String missing = folder.resolve("missing.jpg").toString();
    assertThat(classify("--model", "colors", "-o", csv, missing, RED).status()).isEqualTo(1);

    Ran again = classify("--model", "colors", "-o", csv, "--resume", missing, RED);

    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("0 failed, 2 have rows already, of which 1 failed.");
  }

  @Test
  void namesMayBeginLikeOptions() {
    assertThat(classify("--model", "colors", "--", "-Dx.jpg", RED).out())
        .contains("failed  -Dx.jpg", "red ");
    assertThat(classify("--model", "colors", "@red.jpg").out()).contains("failed  @red.jpg");
    assertThat(classify("--model", "colors", "@" + RED).out()).contains("failed  @");
    assertThat(classify("-Dx=y", RED).status()).isEqualTo(2);
  }

  @Test
  void noImageIsAnError(@TempDir Path folder) throws Exception {
    assertThat(classify("--model", "colors", folder.toString()))
        .satisfies(ran -> assertThat(ran.err()).endsWith("No image was found.\n"))
        .extracting(Ran::status)
        .isEqualTo(1);
    Files.createDirectory(folder.resolve("in"));

    assertThat(classify("--model", "colors", folder.toString()).err())
        .endsWith(
            "No image was found; for the images in folders of the folders, add --recursive.\n");
    assertThat(classify("--model", "colors", "-r", folder.toString()).err())
        .endsWith("No image was found.\n");
  }

  @Test
  void outputThatIsLostIsAnError() {
    PrintWriter closed =
        new PrintWriter(
            new Writer() {
              @Override
              public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("closed");
              }

              @Override
              public void flush() throws IOException {
                throw new IOException("closed");
              }

              @Override
              public void close() {}
            });
    for (String command : List.of("--version", COLORS + RED, "models list")) {
      StringWriter err = new StringWriter();
      assertThat(Commands.run(closed, new PrintWriter(err), command.split(" "))).isEqualTo(1);
      assertThat(err.toString()).isNotEmpty();
    }
  }

  @Test
  void wrongSettingsHaveALineEach() {
    System.setProperty("glimpse.image.max-bytes", "many");
    System.setProperty(NO_SETTING, "1");
    try {
      Ran ran = classify("--model", "colors", RED);

      assertThat(ran.err().lines()).hasSizeGreaterThan(1);
      assertThat(ran.err())
          .contains("glimpse.image.max-bytes", NO_SETTING)
          .doesNotContain("\\u000a");
      assertThat(ran.status()).isEqualTo(1);
    } finally {
      System.clearProperty(NO_SETTING);
    }
  }

  @Test
  void thresholdMarksUncertainClasses() {
    assertThat(classify("--model", "colors", "--threshold", "1", RED).out()).contains("? red ");
    assertThat(classify("--model", "colors", "--threshold", "0", RED).out()).contains("  red ");
  }

  private static Ran classify(String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("classify", "--models", "src/test/resources/models"));
    all.addAll(List.of(arguments));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Commands.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    return new Ran(status, out.toString(), err.toString());
  }
}
