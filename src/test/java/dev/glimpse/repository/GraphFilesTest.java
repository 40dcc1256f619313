package dev.glimpse.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.support.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphFilesTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "notes.txt | model.onnx is missing; add it.",
        "b.onnx a.onnx | but there are 2 graphs, such as a.onnx; rename one of them to model.onnx.",
      })
  void aGraphByAnotherNameIsNamed(String files, String sentence) throws IOException {
    put(files);
    assertThatThrownBy(() -> new ModelFolder("test", 1, folder).graph())
        .isInstanceOf(UnservableModelException.class)
        .hasMessageEndingWith(sentence);
    assertThatThrownBy(() -> VersionFolders.highest(folder))
        .hasMessageContaining("holds no model: model.onnx is missing")
        .hasMessageEndingWith(sentence);
  }

  @ParameterizedTest
  @CsvSource({"flowers.onnx", "onnx/model_fp16.onnx"})
  void theOnlyGraphIsTheModelsUnderAnyName(String file) throws IOException {
    put("flowers/" + file + " flowers/._" + file.substring(file.indexOf('/') + 1));
    assertThat(RepositoryScan.of(folder).models())
        .singleElement()
        .satisfies(model -> {
          assertThat(model.name()).isEqualTo("flowers");
          assertThat(model.graph()).isEqualTo(folder.resolve("flowers").resolve(file));
        });
  }

  @Test
  void aFolderWithSeveralGraphsIsNotPassedOverInSilence() throws IOException {
    put("flowers/a.onnx flowers/b.onnx");
    Path flowers = folder.resolve("flowers");
    String sentence =
        "The folder " + flowers + " is not a model: model.onnx is missing, but there are 2 graphs";
    assertThatThrownBy(() -> RepositoryScan.of(folder))
        .hasMessageContaining("holds no model: put one into <name>/<version>/model.onnx. ")
        .hasMessageContaining(sentence);

    new Repository(folder).put("colors/1", "colors", 1);
    assertThat(RepositoryScan.of(folder).warnings())
        .singleElement()
        .satisfies(one -> assertThat(one).startsWith("Ignored: " + sentence));

    new Repository(folder).put("colors/1", "flowers", 1);
    assertThat(RepositoryScan.of(folder).warnings()).isEmpty();
  }

  @Test
  void aPointerOfGitLfsIsKnown() throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:00\n");
    assertThat(GraphFiles.isPointer(file)).isTrue();
    Files.writeString(file, "version 2");
    assertThat(GraphFiles.isPointer(file)).isFalse();
  }

  private void put(String files) throws IOException {
    for (String name : files.split(" ")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }
}
