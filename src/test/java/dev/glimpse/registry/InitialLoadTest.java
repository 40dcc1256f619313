package dev.glimpse.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.registry.ModelReloader.Unavailable;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InitialLoadTest extends ChangingRepository {

  @Test
  void aStartFailsIfTrafficNamesAMissingVersion() {
    assertThatThrownBy(() -> start("glimpse.models.colors.traffic", "1:90,2:10"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("glimpse.models.colors.traffic")
        .hasMessageContaining("has no version 2. Served: 1.");
  }

  @Test
  void aStartWithTrafficSharesOut() {
    repository.put("colors/2", "colors", 2);
    start("glimpse.models.colors.traffic", "1");
    assertThat(answering()).isEqualTo(1);
  }

  @Test
  void aBadVersionDoesNotKeepALateReplicaFromStarting() {
    repository.putBroken("corrupt-graph", "colors", 2);
    start();
    assertThat(answering()).isEqualTo(1);
    assertThat(control.unavailable())
        .containsExactly(
            new Unavailable(
                "colors",
                2,
                "model.onnx cannot be loaded: the file is damaged or incomplete, or is no ONNX"
                    + " file; copy or download it again."));
  }

  @Test
  void aStartFailsWithoutAServableModel() {
    repository.putBroken("corrupt-graph", "colors", 1);
    assertThatThrownBy(this::start)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("No model in the repository can be served: colors/1: model.onnx");
  }

  @Test
  void aStartLooksAsCloselyAsTheServiceDoesLater() throws Exception {
    Path wrong = repository.put("colors/2", "colors", 2);
    golden(wrong, "blue/first.jpg", "red.jpg");
    start();
    assertThat(answering()).isEqualTo(1);
    assertThat(control.unavailable())
        .singleElement()
        .satisfies(one -> assertThat(one.reason()).contains("is classified as \"red\""));
    assertThat(meters.find("glimpse.model.load.seconds").tag("version", "2").gauge()).isNull();
  }

  @Test
  void aMisnamedFolderDoesNotKeepALateReplicaFromStarting() throws Exception {
    Files.move(repository.put("colors/2", "colors", 2), folder.resolve("colors/2.bak"));
    start();
    assertThat(answering()).isEqualTo(1);
  }

  @Test
  void aMisnamedFolderStopsAStartThatServesWhatThereIsForGood() throws Exception {
    Files.move(repository.put("colors/2", "colors", 2), folder.resolve("colors/01"));
    assertThatThrownBy(() -> start("glimpse.repository.control", "false"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("\"01\" is not; rename the folder.");
  }

  @Test
  void nothingButAMisnamedFolderStopsEveryStart() throws Exception {
    Files.move(folder.resolve("colors/1"), folder.resolve("colors/1.bak"));
    assertThatThrownBy(this::start)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("\"1.bak\" is not; rename the folder.");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFolderThatCannotBeListedStopsNoStart(boolean control) {
    repository.makeUnreadable("lost+found");
    start("glimpse.repository.control", Boolean.toString(control));
    assertThat(models.names()).containsExactly("colors");
  }
}
