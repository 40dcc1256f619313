package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.Filter;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What DJL's arguments mean. */
class DjlServingConfigTest {

  @TempDir Path folder;

  /** The properties of the ResNet that DJL Serving's own documents serve. */
  @Test
  void theExampleOfDjlsDocuments() throws IOException {
    Recipe recipe =
        read(
            """
            application=cv/image_classification
            engine=OnnxRuntime
            option.modelName=resnet18
            width=224
            height=224
            centerCrop=True
            applySoftmax=true
            option.mapLocation=true
            translatorFactory=ai.djl.modality.cv.translator.ImageClassificationTranslatorFactory
            """);
    assertThat(recipe.steps())
        .isEqualTo(
            new Preprocessing(
                Optional.empty(),
                Optional.of(new Crop(new Size(224, 224), Centre.DJL)),
                1 / 255.0,
                Preprocessing.NO_MEAN,
                Preprocessing.NO_DEVIATION));
    assertThat(recipe.channels()).isEmpty();
  }

  @Test
  void sizes() throws IOException {
    assertThat(resize("resize=true\nwidth=20.0\nheight=30"))
        .isEqualTo(new Resize(new Exactly(new Size(20, 30)), Filter.BILINEAR));
    assertThat(resize("resize=256"))
        .isEqualTo(new Resize(new Exactly(new Size(256, 256)), Filter.BILINEAR));
    assertThat(resize("resize=256, 128 ,AREA"))
        .isEqualTo(new Resize(new Exactly(new Size(256, 128)), Filter.BOX));
    assertThat(resize("resizeShort=true\nwidth=20\nheight=30"))
        .isEqualTo(new Resize(new ShortestEdge(30), Filter.BILINEAR));
    assertThat(resize("resizeShort=256,-1,BICUBIC"))
        .isEqualTo(new Resize(new ShortestEdge(256), Filter.BICUBIC));
    assertThat(read("resize=false").steps().resize()).isEmpty();
  }

  @Test
  void numbers() throws IOException {
    assertThat(read("normalize=true").steps().mean()).isEqualTo(new Rgb(0.485f, 0.456f, 0.406f));
    Preprocessing six = read("normalize=0.1,0.2,0.3,4,5,6").steps();
    assertThat(six.mean()).isEqualTo(new Rgb(0.1f, 0.2f, 0.3f));
    assertThat(six.deviation()).isEqualTo(new Rgb(4, 5, 6));
    assertThat(values("toTensor=false", 200)).isEqualTo(200f);
    assertThat(values("toTensor=false\nrange=0,1", 51)).isEqualTo(0.2f, within(1e-6f));
    assertThat(values("toTensor=false\nrange=-1,1", 192)).isEqualTo(0.5f, within(1e-6f));
    // DJL divides once more, whatever toTensor has done.
    assertThat(values("range=0,1", 255)).isEqualTo(1 / 255f, within(1e-7f));
    assertThat(read("flag=GRAYSCALE").channels()).hasValue(Channels.GREY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "batch_size=4\nmax_batch_delay=1\nminWorkers=2\njob_queue_size=10",
        "topK=3\napplySoftmax=true\noption.intraOpNumThreads=2\noption.optLevel=BASIC_OPT",
        "application=image_classification\nengine=onnx",
        "pad=false\nresize=false\nresizeShort=false\nnormalize=false\ncenterCrop=no",
      })
  void whatChangesNothingIsPassedOver(String properties) throws IOException {
    assertThat(read(properties).steps()).isEqualTo(read("").steps());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "engine=PyTorch | engine is \"PyTorch\" and should be OnnxRuntime",
        "application=cv/object_detection | application is \"cv/object_detection\"",
        "translatorFactory=com.example.Mine | ImageClassificationTranslatorFactory",
        "width=wide | width is \"wide\" and should be numeric",
        "width=0 | width is \"0\" and should be a number of pixels",
        "height=NaN | height is \"NaN\"",
        "resize=9,9,LANCZOS | with NEAREST, BILINEAR, AREA or BICUBIC",
        "resizeShort=9,12 | without a limit for the longer side",
        "normalize=1,2,3 | three means, three deviations",
        "normalize=1,2,3,4,5,0 | with deviations above 0",
        "range=0,255 | range is \"0,255\"",
        "flag=ALPHA | COLOR or GRAYSCALE",
        "pad=0.5 | pad is not supported",
        "bad=\\u00zz | is not a valid properties file",
      })
  void rejectsAnUnsupportedKeyByName(String properties, String named) {
    assertThatThrownBy(() -> read(properties))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("serving.properties")
        .hasMessageContaining(named);
  }

  @Test
  void twoWaysToResizeAreOneTooMany() {
    assertThatThrownBy(() -> read("resize=true\nresizeShort=true"))
        .hasMessageContaining("remove one of them");
  }

  private Resize resize(String properties) throws IOException {
    return read(properties).steps().resize().orElseThrow();
  }

  /** What a sample of this level becomes. */
  private float values(String properties, int level) throws IOException {
    return read(properties).steps().values(Channels.GREY)[level];
  }

  private Recipe read(String properties) throws IOException {
    Files.writeString(folder.resolve(ModelFolder.SERVING), properties);
    return Recipe.read(new ModelFolder("test", 1, folder)).orElseThrow();
  }
}
