package dev.glimpse.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.TestGraph;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphFileFaultTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the file is empty",
        "PK\u0003\u0004 | it is an archive",
        "<!DOCTYPE html> | it is a page of HTML",
        "1234TFL3 | it is a TFLite file",
        "version https://git-lfs.github.com/spec/v1 | it is a Git LFS pointer"
      })
  void tellsWhatAFileIsThatIsNoGraph(String content, String sentence) throws IOException {
    Path file = Files.writeString(folder.resolve("model.onnx"), content);
    assertThat(GraphFileFault.of(file))
        .hasValueSatisfying(words -> assertThat(words).startsWith(sentence));
  }

  @Test
  void namesAMissingFileOfWeights() {
    Path file = new TestGraph().external("w", "weights.data", 1).write(graph());
    assertThat(GraphFileFault.of(file))
        .hasValue(
            "its weights are in a second file, weights.data, which is missing; put it beside the"
                + " graph under this name");
  }

  @Test
  void findsAFileOfWeightsThatWasRenamed() throws IOException {
    Path file = new TestGraph().external("w", "weights.data", 1).write(graph());
    Files.createFile(folder.resolve("model.onnx.data"));
    assertThat(GraphFileFault.of(file))
        .hasValueSatisfying(words ->
            assertThat(words)
                .endsWith("if model.onnx.data is that file, rename it to weights.data"));
    Files.writeString(folder.resolve("weights.data"), "version https://git-lfs.github.com/spec/v1");
    assertThat(GraphFileFault.of(file))
        .hasValueSatisfying(words -> assertThat(words).contains("run git lfs pull"));
    Files.writeString(folder.resolve("weights.data"), "1234");
    assertThat(GraphFileFault.of(file)).isEmpty();
  }

  @Test
  void refusesWeightsOutsideOfTheFolder() {
    Path file = new TestGraph().external("w", "../weights.data", 1).write(graph());
    assertThat(GraphFileFault.of(file))
        .hasValueSatisfying(
            words -> assertThat(words).startsWith("its weights are in ../weights.data, outside"));
  }

  @Test
  void knowsTheLargestSizeOfAGraph() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(graph().toFile(), "rw")) {
      file.write(8);
      file.setLength(Integer.MAX_VALUE + 1L); // sparse
    }
    assertThat(GraphFileFault.of(graph()))
        .hasValueSatisfying(words -> assertThat(words).startsWith("the file is larger than 2 GB"));
  }

  private Path graph() {
    return folder.resolve("model.onnx");
  }
}
