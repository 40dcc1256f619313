package dev.glimpse.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtherLayoutsTest {

  @TempDir Path folder;

  @Test
  void versionsShareTheConfigurationBesideThem() throws IOException {
    put("m/1/model.onnx", "m/2/model.onnx", "m/2/labels.txt");
    put("m/config.json", "m/labels.txt", "m/config.pbtxt", "m/labels.zh.txt", "m/SHA256SUMS");
    RepositoryScan found = RepositoryScan.of(folder);
    assertThat(found.models()).extracting(ModelFolder::version).containsExactly(1, 2);

    ModelFolder first = found.models().get(0);
    ModelFolder second = found.models().get(1);
    assertThat(first.file("config.json"))
        .isEqualTo(first.path().resolve("../config.json").normalize());
    assertThat(first.file("labels.txt")).isEqualTo(folder.resolve("m/labels.txt"));
    assertThat(second.file("labels.txt")).isEqualTo(folder.resolve("m/2/labels.txt"));
    assertThat(first.file("SHA256SUMS")).isEqualTo(folder.resolve("m/1/SHA256SUMS"));
    assertThat(first.file("model.prepared.json"))
        .isEqualTo(folder.resolve("m/1/model.prepared.json"));
    assertThat(FolderSnapshot.of(first).files()).containsKey("../config.json");
    assertThat(VersionFolders.highest(folder.resolve("m")).version()).isEqualTo(2);
  }

  @Test
  void filesOfTheRepositoryAreNotShared() throws IOException {
    put("m/model.onnx", "config.json", "1/model.onnx");
    for (ModelFolder model : RepositoryScan.of(folder).models()) {
      assertThat(model.file("config.json")).doesNotExist();
    }
  }

  @Test
  void aModelsOwnFolderIsARepositoryOfOneModel() throws IOException {
    put("flowers/model.onnx", "roses/1/model.onnx", "roses/3/model.onnx", "roses/config.json");
    assertThat(RepositoryScan.of(folder.resolve("flowers")).models())
        .containsExactly(new ModelFolder("flowers", 1, folder.resolve("flowers")));
    assertThat(RepositoryScan.of(folder.resolve("roses")).models())
        .containsExactly(
            new ModelFolder("roses", 1, folder.resolve("roses/1")),
            new ModelFolder("roses", 3, folder.resolve("roses/3")));
    assertThat(RepositoryScan.of(folder.resolve("roses/3")).models())
        .containsExactly(new ModelFolder("roses", 3, folder.resolve("roses/3")));
    assertThat(
            RepositoryScan.versions(ModelRepository.at(folder.resolve("roses")), "roses")
                .orElseThrow()
                .good())
        .hasSize(2);
    assertThat(RepositoryScan.versions(ModelRepository.at(folder), "roses").orElseThrow().good())
        .hasSize(2);
    assertThat(RepositoryScan.versions(ModelRepository.at(folder.resolve("roses")), "tulips"))
        .isEmpty();
  }

  /** As KServe's storage initializer copies a model, always into {@code /mnt/models}. */
  @ParameterizedTest
  @CsvSource({
    "models/model.onnx, 1, models",
    "models/onnx/model.onnx, 1, models",
    "models/1/model.onnx, 1, models/1",
    "models/4/model.onnx, 4, models/4",
  })
  void aModelsOwnFolderHasTheNameOfTheSetting(String graph, int version, String path)
      throws IOException {
    put(graph, "models/config.json");
    ModelRepository repository =
        new ModelRepository(folder.resolve("models"), Optional.of("flowers"));
    ModelFolder expected = new ModelFolder("flowers", version, folder.resolve(path));

    assertThat(RepositoryScan.findAll(repository)).containsExactly(expected);
    assertThat(RepositoryScan.versions(repository, "flowers").orElseThrow().good())
        .containsExactly(expected);
    assertThat(RepositoryScan.versions(repository, "roses")).isEmpty();
    assertThat(expected.file("config.json")).exists();
  }

  @Test
  void aVersionsOwnFolderHasTheNameOfTheSetting() throws IOException {
    put("models/4/model.onnx", "models/config.json");
    Path version = folder.resolve("models/4");

    assertThat(RepositoryScan.findAll(new ModelRepository(version, Optional.of("flowers"))))
        .containsExactly(new ModelFolder("flowers", 4, version));
  }

  @Test
  void theFoldersOfARepositoryNameItsModelsAndNotTheSetting() throws IOException {
    put("flowers/1/model.onnx");
    RepositoryScan found = RepositoryScan.of(new ModelRepository(folder, Optional.of("roses")));

    assertThat(found.models()).extracting(ModelFolder::name).containsExactly("flowers");
    assertThat(found.warnings())
        .singleElement()
        .asString()
        .startsWith("Ignored: The setting glimpse.models.name, \"roses\", as the folders in ");
  }

  @Test
  void aModelNamedOnnxInARepositoryIsAModel() throws IOException {
    put("onnx/model.onnx", "roses/model.onnx", "roses/config.json");
    assertThat(RepositoryScan.of(folder).models())
        .extracting(ModelFolder::name)
        .containsExactly("onnx", "roses");
  }

  @Test
  void aRepositoryIsToldFromAModel() throws IOException {
    put("one/flowers/model.onnx", "two/a/1/model.onnx", "two/b/config.json");
    put("versions/1/model.onnx", "misnamed/latest/model.onnx", "graph/model.onnx", "no/README.md");
    for (String repository : List.of("one", "two")) {
      assertThat(RepositoryScan.ofModels(folder.resolve(repository))).isPresent();
    }
    for (String model : List.of("versions", "misnamed", "graph", "no", "nowhere")) {
      assertThat(RepositoryScan.ofModels(folder.resolve(model))).isEmpty();
    }
  }

  @Test
  void aGraphInTheRepositoryItselfIsNamed() throws IOException {
    put("flowers/model.onnx", "stray.onnx");
    assertThat(RepositoryScan.of(folder).warnings())
        .singleElement()
        .asString()
        .contains("stray.onnx is in the repository itself", "move it into <name>/<version>/");
    assertThatThrownBy(() -> RepositoryScan.of(folder.resolve("stray.onnx")))
        .hasMessageContaining("stray.onnx, which is a file: set glimpse.models.path");
  }

  private void put(String... files) throws IOException {
    for (String name : files) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }
}
