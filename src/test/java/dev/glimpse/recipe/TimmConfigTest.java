package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.Filter;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Covering;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.repository.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What timm's config.json means; the tensors that come of it are in FormatsTest. */
class TimmConfigTest {

  private static final String CFG = "{\"pretrained_cfg\": {}}";

  @TempDir Path folder;

  @Test
  void whatIsLeftOutIsTimmsDefault() throws Exception {
    Recipe recipe = read(CFG);

    assertThat(recipe.channels()).hasValue(Channels.RGB);
    assertThat(recipe.steps())
        .isEqualTo(
            new Preprocessing(
                Optional.of(new Resize(new ShortestEdge(256), Filter.BICUBIC)),
                Optional.of(new Crop(new Size(224, 224), Centre.TORCHVISION)),
                1 / 255.0,
                new Rgb(0.485f, 0.456f, 0.406f),
                new Rgb(0.229f, 0.224f, 0.225f)));
  }

  /** 224 / 0.95 is 235.8; a size that is not square is covered, as timm does it. */
  @ParameterizedTest
  @CsvSource({
    "'[3, 224, 224]', 0.95, 500, 375, 313, 235",
    "'[3, 288, 288]', 1.0, 375, 500, 288, 384",
    "'[3, 24, 40]', 0.9, 100, 100, 44, 44",
    "'[3, 24, 40]', 0.9, 97, 50, 50, 26",
  })
  void scalesTheImageBeyondTheInputSize(
      String size, double share, int width, int height, int scaledWidth, int scaledHeight)
      throws Exception {
    Preprocessing steps =
        read("{\"pretrained_cfg\": {\"input_size\": %s, \"crop_pct\": %s}}".formatted(size, share))
            .steps();
    assertThat(steps.resize().orElseThrow().target().of(width, height))
        .isEqualTo(new Size(scaledWidth, scaledHeight));
  }

  @Test
  void coveringRoundsHalvesToTheEvenNumber() {
    Covering covering = new Covering(new Size(2, 1));
    assertThat(covering.of(4, 5)).isEqualTo(new Size(2, 2)); // 2.5
    assertThat(covering.of(4, 7)).isEqualTo(new Size(2, 4)); // 3.5
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"image_processor_type\": \"TimmWrapperImageProcessor\"}",
        "{\"image_processor_type\": \"TimmWrapperImageProcessor\", \"pretrained_cfg\": {}}",
      })
  void transformersNameForItLeadsThereToo(String preprocessor) throws Exception {
    Files.writeString(folder.resolve(ModelFolder.PREPROCESSOR), preprocessor);
    assertThat(read(CFG).steps().outputSize()).hasValue(new Size(224, 224));
  }

  @Test
  void huggingFacesFileComesFirst() throws Exception {
    Files.writeString(folder.resolve(ModelFolder.PREPROCESSOR), "{}");
    assertThat(read(CFG).steps().resize()).isEmpty();
  }

  @Test
  void withNeitherTheFileToAddIsNamed() {
    assertRejected("{}", "preprocessor_config.json is missing; add it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"crop_mode\": \"border\" | \"crop_mode\" is \"border\" and should be \"center\" or",
        "\"crop_mode\": 1 | \"crop_mode\" is 1 and should be a string",
        "\"interpolation\": \"random\" | \"interpolation\" is \"random\" and should be \"nearest\"",
        "\"crop_pct\": 0 | \"crop_pct\" is 0 and should be a number above 0 and at most 1",
        "\"crop_pct\": 1.1 | \"crop_pct\" is 1.1 and should be a number above 0 and at most 1",
        "\"input_size\": 224 | \"input_size\" is 224 and should be [channels, height, width]",
        "\"input_size\": [4, 9, 9] | \"input_size\" is [4,9,9] and should be of 3 channels, or of"
            + " 1",
        "\"input_size\": [3, 0, 9] | \"input_size.1\" is 0 and should be a positive integer",
        "\"mean\": [0.5, 0.5] | \"mean\" is [0.5,0.5] and should be three numbers",
        "\"std\": [0.5, 0, 0.5] | \"std\" is [0.5,0,0.5] and should be three numbers above 0",
        "\"crop_border_pixels\": 4 | the key \"crop_border_pixels\" is not supported",
      })
  void rejectsAnUnsupportedKeyByName(String setting, String sentence) {
    assertRejected("{\"pretrained_cfg\": {" + setting + "}}", sentence);
  }

  @Test
  void rejectsAnythingButAnObject() {
    assertRejected("{\"pretrained_cfg\": 1}", "\"pretrained_cfg\" is 1 and should be an object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"label_names\": [\"n1\", \"n2\"], \"label_descriptions\": {\"n1\": \"a tench\"}}",
        "{\"label_names\": {\"1\": \"n2\", \"0\": \"a tench\"}}",
        "{\"pretrained_cfg\": {\"label_names\": [\"a tench\", \"n2\"]}}",
        "{\"id2label\": {\"0\": \"a tench\", \"1\": \"n2\"}, \"label_names\": [\"x\"]}",
      })
  void itsLabelsAreRead(String config) throws Exception {
    assertThat(labels(config).in(Labels.OWN_LANGUAGE)).containsExactly("a tench", "n2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"label_names\": {\"0\": \"a\", \"2\": \"b\"}} | 2 entries and no text for index 1",
        "{\"label_names\": [\"a\", 1]} | 2 entries and no text for index 1",
        "{\"label_names\": []} | should be a list with a name for each class",
        "{\"label_names\": \"a, b\"} | should be a list with a name for each class",
      })
  void rejectsLabelsWithGaps(String config, String sentence) {
    assertThatThrownBy(() -> labels(config))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(sentence);
  }

  private void assertRejected(String config, String sentence) {
    assertThatThrownBy(() -> read(config))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(sentence);
  }

  private Recipe read(String config) throws Exception {
    Files.writeString(folder.resolve(ModelFolder.CONFIG), config);
    return Recipe.read(new ModelFolder("test", 1, folder)).orElseThrow();
  }

  private Labels labels(String config) throws Exception {
    Files.writeString(folder.resolve(ModelFolder.CONFIG), config);
    ModelFolder model = new ModelFolder("test", 1, folder);
    ModelConfig read = ModelConfig.read(model);
    return read.labels(model, read.known(Map.of()).orElseThrow());
  }
}
