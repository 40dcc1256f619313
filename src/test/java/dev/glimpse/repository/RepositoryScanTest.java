package dev.glimpse.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.support.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepositoryScanTest {

  @TempDir Path folder;

  @Test
  void aFolderThatByItsNameCanBeNoModelIsIgnoredWithAWarning() throws Exception {
    Repository repository = new Repository(folder);
    repository.put("colors/1", "colors", 1);
    Files.move(repository.put("colors/2", "colors", 2), folder.resolve("colors/2.bak"));
    repository.put("colors/1", "my model", 1);
    Files.createDirectories(folder.resolve("lost+found"));

    RepositoryScan found = RepositoryScan.of(folder);
    assertThat(found.models())
        .containsExactly(new ModelFolder("colors", 1, folder.resolve("colors/1")));
    assertThat(found.warnings())
        .satisfiesExactly(
            one -> assertThat(one).contains("colors/2.bak: a version is a whole number from 1"),
            one -> assertThat(one).contains("my model/1: a model's name is 1 to 64 letters"))
        .allMatch(one -> one.startsWith("Ignored: Model folder "));
  }

  @Test
  void namesCannotForgeLines() throws Exception {
    Repository repository = new Repository(folder);
    repository.put("colors/1", "colors", 1);
    String forged = "a\n2026-01-01 INFO all is well\u001b[2J\u202egnp";
    repository.put("colors/1", forged, 1);
    Files.move(repository.put("colors/2", "colors", 2), folder.resolve("colors/" + forged));

    List<String> said = RepositoryScan.of(folder).warnings();

    assertThat(said)
        .hasSize(2)
        .allMatch(line -> line.contains("a\\u000a2026-01-01 INFO all is well\\u001b[2J\\u202egnp"))
        .noneMatch(
            line -> line.contains("\n") || line.contains("\u001b") || line.contains("\u202e"));
  }

  @Test
  void pipesDevicesAndFoldersInAFilesPlaceAreNamed() throws Exception {
    Path model = folder.resolve("colors/1");
    Files.createDirectories(model);
    ModelFolder found = new ModelFolder("colors", 1, model);
    assertThat(
            new ProcessBuilder("mkfifo", model.resolve("config.json").toString()).start().waitFor())
        .isZero();
    Files.createDirectory(model.resolve("labels.txt"));
    Files.createSymbolicLink(model.resolve("synset.txt"), Path.of("/dev/zero"));
    Files.createDirectory(model.resolve("model.onnx"));

    for (String file : List.of("config.json", "labels.txt", "synset.txt")) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(5),
          () ->
              assertThatExceptionOfType(UnservableModelException.class)
                  .isThrownBy(() -> found.read(file))
                  .withMessageContaining(
                      file.equals("labels.txt") ? "is a folder and not a file" : "device"));
    }
    assertThatExceptionOfType(UnservableModelException.class)
        .isThrownBy(found::graph)
        .withMessageContaining("model.onnx is a folder");
  }

  /** As TensorFlow Serving's exporters number them. */
  @ParameterizedTest
  @CsvSource({
    "1511608417, true",
    "999999999, true",
    "1999999999, true",
    "2000000000, false",
    "10000000000, false",
    "01, false",
    "0, false"
  })
  void secondsAreVersionsToo(String number, boolean good) throws Exception {
    Repository repository = new Repository(folder);
    repository.put("colors/1", "colors", 1);
    Files.move(repository.put("colors/2", "colors", 2), folder.resolve("colors/" + number));
    RepositoryScan found = RepositoryScan.of(folder);
    assertThat(found.models()).hasSize(good ? 2 : 1);
    assertThat(found.misnamed()).hasSize(good ? 0 : 1);
    if (!good) {
      assertThat(found.warnings().get(0))
          .contains(
              "a version is a whole number from 1 to 1999999999, and \"" + number + "\" is not");
    }
  }

  @Test
  void whatCannotBeListedMayHoldAnything() {
    Repository repository = new Repository(folder);
    repository.put("colors/1", "colors", 1);
    repository.makeUnreadable("flowers");

    RepositoryScan found = RepositoryScan.of(folder);
    assertThat(found.models()).hasSize(1);
    assertThat(found.warnings())
        .containsExactly(
            "Ignored: Cannot list the folder "
                + folder.resolve("flowers")
                + "; check its permissions.");
    assertThat(found.mayHold(new ModelFolder("flowers", 1, folder.resolve("flowers/1")))).isTrue();
    assertThat(found.mayHold(new ModelFolder("colors", 2, folder.resolve("colors/2")))).isFalse();
  }
}
