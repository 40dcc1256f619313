package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.engine.OutputKind;
import dev.glimpse.engine.Runner;
import dev.glimpse.engine.Session;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Filter;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Covering;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.repository.ModelFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a graph says by itself. */
class OnnxMetadataConfigTest {

  /** A graph that need not exist. */
  private record Graph(TensorSpec input, Map<String, String> metadata) implements Session {
    @Override
    public List<TensorSpec> inputs() {
      return List.of(input);
    }

    @Override
    public List<TensorSpec> outputs() {
      throw new UnsupportedOperationException();
    }

    @Override
    public TensorSpec output() {
      throw new UnsupportedOperationException();
    }

    @Override
    public OutputKind outputKind() {
      return OutputKind.OTHER;
    }

    @Override
    public Runner borrow(long... shape) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Tensor> run(List<Tensor> given, Set<String> outputs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  @Test
  void theRestIsImageNetDefaults() {
    assertThat(read("float[?,3,?,?]", Map.of()).steps())
        .isEqualTo(
            new Preprocessing(
                Optional.of(new Resize(new ShortestEdge(256), Filter.BILINEAR)),
                Optional.of(new Crop(new Size(224, 224), Centre.TRANSFORMERS)),
                1 / 255.0,
                new Rgb(0.485f, 0.456f, 0.406f),
                new Rgb(0.229f, 0.224f, 0.225f)));
  }

  @Test
  void theInputsSideIsTheCrops() {
    Preprocessing steps = read("float[1,3,70,140]", Map.of()).steps();
    assertThat(steps.crop().orElseThrow().size()).isEqualTo(new Size(140, 70));
    assertThat(steps.resize().orElseThrow().target()).isEqualTo(new Covering(new Size(160, 80)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uint8[?,64,64,3] | | 255 | 255",
        "float[?,1,28,28] | | 255 | 1",
        "float[?,64,64,3] | Normalized_0_1 | 255 | 1",
        "float[?,64,64,3] | normalized_1_1 | 0 | -1",
        "float[?,64,64,3] | NominalRange_0_255 | 200 | 200",
      })
  void otherNumbersForOtherInputs(String input, String range, int level, float value) {
    Map<String, String> metadata =
        range == null ? Map.of() : Map.of("image.nominalpixelrange", range);
    Recipe recipe = read(input, metadata);
    assertThat(recipe.steps().values(dev.glimpse.preprocess.Channels.GREY)[level]).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "float[?,64,64,3] | x | y | add a preprocessor_config.json that sets the range",
        "float[?,3,64,64] | Image.NominalPixelRange | NominalRange_16_235 | Normalized_0_1 or",
        "float[?,3,64,64] | Image.BitmapPixelFormat | Rgba8 | Rgb8, Bgr8 or Gray8",
      })
  void rejectsWhatCannotBeDetermined(String input, String key, String value, String sentence) {
    assertThatThrownBy(() -> read(input, Map.of(key, value)))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void ultralyticsClassifiers() {
    Preprocessing square =
        read("float[1,3,224,224]", Map.of("task", "classify", "imgsz", "[224, 224]")).steps();
    assertThat(square.resize().orElseThrow().target()).isEqualTo(new ShortestEdge(224));
    assertThat(square.crop().orElseThrow().centre()).isEqualTo(Centre.TORCHVISION);
    assertThat(square.mean()).isEqualTo(Preprocessing.NO_MEAN);
    Preprocessing wide =
        read("float[1,3,96,160]", Map.of("task", "classify", "imgsz", "[96, 160]")).steps();
    assertThat(wide.resize().orElseThrow().target()).isEqualTo(new Exactly(new Size(160, 96)));
  }

  @Test
  void ultralyticsDetectorsAreNoClassifiers() {
    assertThatThrownBy(
            () -> read("float[1,3,640,640]", Map.of("task", "detect", "imgsz", "[640, 640]")))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("task=detect");
  }

  private static Recipe read(String input, Map<String, String> metadata) {
    return OnnxMetadataConfig.read(
        new ModelFolder("test", 1, Path.of("test")), new Graph(Specs.of(input), metadata));
  }
}
