package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.OnnxBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalWeightsTest {

  @TempDir private Path folder;

  @Test
  void findsNoFilesForWeightsInsideTheGraph() throws IOException {
    assertThat(ExternalWeights.of(Fixtures.MODELS.resolve("colors/1/model.onnx"))).isEmpty();
  }

  @Test
  void findsFilesOfTensorsAnywhereInTheGraph() throws IOException {
    OnnxBytes inside = new OnnxBytes().bytes(9, new byte[1000]).number(14, 0);
    OnnxBytes branch = new OnnxBytes().message(5, OnnxBytes.external("of a branch"));
    OnnxBytes sparse = new OnnxBytes().message(1, OnnxBytes.external("sparse"));
    OnnxBytes node =
        new OnnxBytes()
            .text(4, "If")
            .message(5, new OnnxBytes().message(5, OnnxBytes.external("of a constant")))
            .message(5, new OnnxBytes().message(10, OnnxBytes.external("of a list")))
            .message(5, new OnnxBytes().message(6, branch));
    OnnxBytes graph =
        new OnnxBytes()
            .message(1, node)
            .message(5, inside)
            .message(5, OnnxBytes.external("model.onnx.data"))
            .message(5, OnnxBytes.external("model.onnx.data"))
            .message(15, sparse);
    assertThat(of(OnnxBytes.model(graph)))
        .containsExactly("model.onnx.data", "of a branch", "of a constant", "of a list", "sparse");
  }

  @Test
  void refusesAFileThatIsNotAGraph() {
    assertThatThrownBy(
            () -> of("version https://git-lfs.github.com/".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(EngineException.class);
    OnnxBytes graph = new OnnxBytes().message(5, OnnxBytes.external("deep"));
    for (int i = 0; i < 1000; i++) {
      OnnxBytes attribute = new OnnxBytes().message(6, graph);
      graph = new OnnxBytes().message(1, new OnnxBytes().message(5, attribute));
    }
    byte[] deep = OnnxBytes.model(graph);
    assertThatThrownBy(() -> of(deep))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("nested too deeply");
  }

  private Set<String> of(byte[] bytes) throws IOException {
    return ExternalWeights.of(Files.write(folder.resolve("model.onnx"), bytes));
  }
}
