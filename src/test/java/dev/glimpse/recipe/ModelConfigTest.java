package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigTest {

  @TempDir Path folder;

  @Test
  void scoreBelowWhichAPredictionIsUncertain() throws IOException {
    assertThat(read("{\"uncertain_below\": 0.7}").uncertainBelow()).hasValue(0.7);
    assertThat(read("{\"uncertain_below\": 1}").uncertainBelow()).hasValue(1);
    assertThat(read("{\"uncertain_below\": null}").uncertainBelow()).isEmpty();
    assertThat(read("{}").uncertainBelow()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.1", "1.01", "70", "\"0.7\"", "true", "[0.7]"})
  void whatIsNoScoreIsRefused(String value) {
    assertThatThrownBy(() -> read("{\"uncertain_below\": %s}".formatted(value)))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining("uncertain_below")
        .hasMessageContaining("number");
  }

  private ModelConfig read(String config) throws IOException {
    Files.writeString(folder.resolve(ModelFolder.CONFIG), config);
    return ModelConfig.read(new ModelFolder("test", 1, folder));
  }
}
