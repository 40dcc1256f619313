package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.ElementType;
import dev.glimpse.preprocess.Layout;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.preprocess.TensorFormat;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From Hugging Face's file to the tensor, against the Python reference. */
class PreprocessorConfigTest {

  @TempDir Path folder;

  static List<Map<String, String>> golden() {
    return Fixtures.table("golden/tensors/tensors.tsv");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void makesTheTensorOfTheReference(Map<String, String> row) throws IOException {
    Recipe recipe = recipe(row.get("recipe"));
    Channels channels = recipe.channels().orElse(Channels.RGB);
    Preprocessor preprocessor =
        new Preprocessor(
            recipe.steps(), new TensorFormat(channels, Layout.NCHW, ElementType.FLOAT32));
    Pixels image =
        new ImageDecoder(Configs.defaults(), ImageCodecs.all())
            .decode(Fixtures.image(row.get("image")));
    long[] shape = preprocessor.shape(image.width(), image.height());
    assertThat(Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(",")))
        .isEqualTo(row.get("shape"));

    int elements = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    ByteBuffer bytes = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.nativeOrder());
    preprocessor.write(image, bytes);
    assertThat(bytes.hasRemaining()).isFalse();
    FloatBuffer tensor = bytes.flip().asFloatBuffer();

    FloatBuffer expected =
        ByteBuffer.wrap(
                Fixtures.bytes(
                    Fixtures.RESOURCES.resolve("golden/tensors").resolve(row.get("tensor"))))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    assertThat(expected.remaining()).isEqualTo(tensor.capacity());
    // The images are PNGs, so even the decoders agree: only the order of float sums may differ.
    for (int i = 0; i < tensor.capacity(); i++) {
      assertThat(tensor.get(i)).as("element %d", i).isEqualTo(expected.get(i), within(1e-5f));
    }
  }

  @Test
  void whatIsLeftOutIsNotDone() throws IOException {
    assertThat(read("{}")).isEqualTo(nothing());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"image_processor_type\": \"CLIPImageProcessor\", \"do_convert_rgb\": true}",
        "{\"do_pad\": false}",
        "{\"do_flip_channel_order\": null}",
        "{\"data_format\": \"channels_first\", \"input_data_format\": \"channels_last\"}",
        "{\"pad_size\": null, \"do_reduce_labels\": false}",
      })
  void whatChangesNothingIsPassedOver(String recipe) throws IOException {
    assertThat(read(recipe)).isEqualTo(read("{}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"do_pad\": true} | do_pad",
        "{\"pad_size\": {\"height\": 9, \"width\": 9}} | pad_size",
        "{\"size_divisor\": 32} | size_divisor",
        "{\"do_reduce_labels\": true} | do_reduce_labels",
        "{\"crop_mode\": \"border\"} | crop_mode",
        "{\"data_format\": \"NHWC\"} | data_format",
        "{\"do_flip_channel_order\": \"BGR\"} | do_flip_channel_order",
        "{\"do_resize\": true, \"resample\": 2} | size",
        "{\"do_resize\": true, \"size\": 224, \"resample\": 2} | size",
        "{\"do_resize\": true, \"size\": {\"longest_edge\": 2}, \"resample\": 2} | size",
        "{\"do_resize\": true, \"size\": {\"shortest_edge\": 0}, \"resample\": 2} | shortest_edge",
        "{\"do_resize\": true, \"size\": {\"shortest_edge\": 224}} | resample",
        "{\"do_resize\": true, \"size\": {\"shortest_edge\": 224}, \"resample\": 6} | resample",
        "{\"do_resize\": true, \"size\": {\"shortest_edge\": 9}, \"resample\": \"a\"} | resample",
        "{\"do_resize\": \"yes\"} | do_resize",
        "{\"image_processor_type\": \"PoolFormerImageProcessor\", \"do_resize\": true, \"size\":"
            + " {\"shortest_edge\": 9}, \"crop_pct\": 0.9} | crop_pct",
        "{\"do_center_crop\": true} | crop_size",
        "{\"do_center_crop\": true, \"crop_size\": {\"height\": 1, \"width\": 1.5}} | crop_size",
        "{\"do_rescale\": true, \"rescale_factor\": \"1/255\"} | rescale_factor",
        "{\"do_normalize\": true, \"image_std\": [1, 1, 1]} | image_mean",
        "{\"do_normalize\": true, \"image_mean\": [1, 1], \"image_std\": [1, 1, 1]} | image_mean",
        "{\"do_normalize\": true, \"image_mean\": [1, 1, 1], \"image_std\": [1, 0, 1]} | image_std",
        "{\"do_resize\": true, \"size\": {\"shortest_edge\": 9}, \"crop_pct\": 2} | crop_pct",
        "[] | JSON object",
        "{ | JSON",
      })
  void rejectsAnUnsupportedKeyByName(String recipe, String named) {
    assertThatThrownBy(() -> read(recipe))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("preprocessor_config.json")
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource({
    "vit, ViT",
    "swin, ViT",
    "swinv2, ViT",
    "deit, DeiT",
    "beit, Beit",
    "data2vec-vision, Beit",
    "convnext, ConvNext",
    "convnextv2, ConvNext",
    "resnet, ConvNext",
    "regnet, ConvNext",
    "cvt, ConvNext",
    "van, ConvNext",
    "levit, Levit",
    "mobilenet_v1, MobileNetV1",
    "mobilenet_v2, MobileNetV2",
    "mobilevit, MobileViT",
    "mobilevitv2, MobileViT",
    "efficientnet, EfficientNet"
  })
  void withoutANameTheProcessorOfTheArchitectureIsUsed(String modelType, String stem)
      throws IOException {
    Recipe named = recipe("{\"image_processor_type\": \"%sImageProcessor\"}".formatted(stem));
    modelType(modelType);
    Recipe unnamed = recipe("{}");
    assertThat(unnamed.steps()).isEqualTo(named.steps()).isNotEqualTo(nothing());
    assertThat(unnamed.channels()).isEqualTo(named.channels());
    assertThat(unnamed.origins().get().resize())
        .isEqualTo("default of %sImageProcessor by config.json: model_type".formatted(stem));
    assertThat(recipe("{\"image_processor_type\": \"CLIPImageProcessor\"}").steps())
        .as("a named processor is used")
        .isEqualTo(nothing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"size\": {\"height\": 9, \"width\": 9}, \"resample\": 2} | it has \"size\" but no \"do_resize\"",
        "{\"image_mean\": [1, 1, 1], \"image_std\": [1, 1, 1]} | has \"image_mean\" but no \"do_normalize\"",
        "{\"crop_size\": {\"height\": 9, \"width\": 9}} | has \"crop_size\" but no \"do_center_crop\"",
        "{\"do_resize\": true, \"resample\": 2} | has no \"size\"; add it, or \"image_processor_type\"",
      })
  void asksForTheProcessorIfNoFileNamesIt(String recipe, String sentence) throws IOException {
    modelType("our-own");
    assertThatThrownBy(() -> recipe(recipe))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(sentence)
        .hasMessageContaining("\"image_processor_type\"");
  }

  private void modelType(String modelType) throws IOException {
    Files.writeString(
        folder.resolve(ModelFolder.CONFIG), "{\"model_type\": \"%s\"}".formatted(modelType));
  }

  private static Preprocessing nothing() {
    return new Preprocessing(
        java.util.Optional.empty(),
        java.util.Optional.empty(),
        1 / 255.0,
        Preprocessing.NO_MEAN,
        Preprocessing.NO_DEVIATION);
  }

  private Preprocessing read(String recipe) throws IOException {
    return recipe(recipe).steps();
  }

  private Recipe recipe(String json) throws IOException {
    Files.writeString(folder.resolve(ModelFolder.PREPROCESSOR), json);
    return Recipe.read(new ModelFolder("test", 1, folder)).orElseThrow();
  }
}
