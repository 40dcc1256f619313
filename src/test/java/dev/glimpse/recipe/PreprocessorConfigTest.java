package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.ElementType;
import dev.glimpse.preprocess.Filter;
import dev.glimpse.preprocess.Layout;
import dev.glimpse.preprocess.Passes;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Fitting;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessing.Target;
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
import java.util.Optional;
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
        "{\"do_convert_rgb\": true}",
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
        "{\"image_processor_type\": \"OurImageProcessor\"} | the image processor OurImageProcessor"
            + " is not known",
        "{\"feature_extractor_type\": \"OurFeatureExtractor\"} | OurFeatureExtractor is not known",
        "{\"image_processor_type\": \"Our\", \"do_resize\": false} | Our is not known",
        "{\"image_processor_type\": \"ImageGPTImageProcessor\"} | because it turns pixels into"
            + " numbers of color clusters",
        "{\"image_processor_type\": \"Siglip2ImageProcessorFast\"} | because it cuts images into"
            + " patches",
        "{\"image_processor_type\": \"ViTImageProcessor\", \"auto_map\": {\"AutoImageProcessor\":"
            + " \"a.B\"}} | auto_map",
        "{\"image_processor_type\": \"BitImageProcessor\", \"do_resize\": null} | do_resize",
        "{\"image_processor_type\": \"PoolFormerImageProcessor\", \"crop_pct\": 2} | crop_pct",
        "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": {\"shortest_edge\": 9,"
            + " \"longest_edge\": 9}} | size",
        "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": [9]} | size",
        "{\"image_processor_type\": \"PerceiverImageProcessor\", \"size\": 9, \"crop_size\": 8} |"
            + " size",
        "{\"image_processor_type\": \"PerceiverImageProcessor\", \"do_resize\": false} |"
            + " do_center_crop",
        "{\"image_mean\": [1, 1, 1], \"crop_size\": 9, \"size\": 9} | it has \"size\" but no"
            + " \"do_resize\"",
        "{\"do_center_crop\": true} | crop_size",
        "{\"do_center_crop\": true, \"crop_size\": {\"height\": 1, \"width\": 1.5}} | crop_size",
        "{\"do_rescale\": true, \"rescale_factor\": \"1/255\"} | rescale_factor",
        "{\"do_normalize\": true, \"image_std\": [1, 1, 1]} | image_mean",
        "{\"do_normalize\": true, \"image_mean\": [1, 1], \"image_std\": [1, 1, 1]} | image_mean",
        "{\"do_normalize\": true, \"image_mean\": [1, 1, 1], \"image_std\": [1, 0, 1]} | image_std",
        "{\"do_resize\": true, \"size\": {\"shortest_edge\": 9}, \"crop_pct\": 2} | crop_pct",
        "{\"do_resize\": true, \"size\": {\"shortest_edge\": 9}, \"resample\": 2,"
            + " \"resize_method\": \"cv\"} | resize_method",
        "{\"do_resize\": true, \"size\": {\"shortest_edge\": 9}, \"resample\": \"area\"} |"
            + " resample",
        "{\"do_resize\": true, \"resample\": 2, \"letterbox\": {\"height\": 9}} | width",
        "{\"do_resize\": true, \"resample\": 2, \"letterbox\": 9} | letterbox",
        "{\"do_resize\": false, \"letterbox\": {\"height\": 9, \"width\": 9}} | do_resize",
        "{\"do_resize\": true, \"resample\": 2, \"letterbox\": {\"height\": 9, \"width\": 9,"
            + " \"color\": 256}} | color",
        "{\"do_resize\": true, \"resample\": 2, \"letterbox\": {\"height\": 9, \"width\": 9,"
            + " \"anchor\": \"left\"}} | anchor",
        "{\"do_resize\": true, \"resample\": 2, \"letterbox\": {\"height\": 9, \"width\": 9,"
            + " \"colour\": 1}} | colour",
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
    "efficientnet, EfficientNet",
    "bit, Bit",
    "dinov2, Bit",
    "focalnet, Bit",
    "clip, CLIP",
    "chinese_clip, ChineseCLIP",
    "siglip, Siglip",
    "poolformer, PoolFormer",
    "pvt, Pvt",
    "pvt_v2, Pvt",
    "segformer, Segformer",
    "perceiver, Perceiver",
    "efficientformer, EfficientFormer",
    "textnet, TextNet",
    "vit_hybrid, ViTHybrid",
    "vit_msn, ViT",
    "dinov3_vit, DINOv3ViT",
    "blip, Blip",
    "flava, Flava",
    "align, EfficientNet"
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
        .isEqualTo(clipOfThisSize(224));
  }

  /** A file that names its class and little else is not served without the steps of that class. */
  @Test
  void namedProcessorsHaveTheDefaultsOfTheirClasses() throws IOException {
    assertThat(
            read(
                """
                {"image_processor_type": "BitImageProcessor", "size": {"shortest_edge": 256},
                 "crop_size": {"height": 224, "width": 224}}\
                """))
        .isEqualTo(clipOfThisSize(256));
    assertThat(recipe("{\"image_processor_type\": \"BitImageProcessor\"}").origins().get().mean())
        .isEqualTo("default of BitImageProcessor");
  }

  @ParameterizedTest
  @CsvSource({
    "ConvNext, BILINEAR, BILINEAR, BICUBIC",
    "EfficientNet, NEAREST, NEAREST, BICUBIC",
    "MobileViT, BILINEAR, BILINEAR, BICUBIC",
    "Pvt, BILINEAR, BILINEAR, BICUBIC",
    "ViT, BILINEAR, BILINEAR, BILINEAR"
  })
  void eachVariantHasItsOwnDefaults(String stem, Filter slow, Filter fast, Filter pil)
      throws IOException {
    assertThat(filter(stem + "ImageProcessor")).isEqualTo(slow);
    assertThat(filter(stem + "FeatureExtractor")).isEqualTo(slow);
    assertThat(filter(stem + "ImageProcessorFast")).isEqualTo(fast);
    assertThat(filter(stem + "ImageProcessorPil")).isEqualTo(pil);
  }

  private Filter filter(String name) throws IOException {
    return read("{\"image_processor_type\": \"" + name + "\"}").resize().orElseThrow().filter();
  }

  @Test
  void fastAndSlowClassesDifferInCropping() throws IOException {
    String crop = ", \"do_center_crop\": true, \"crop_size\": 9}";
    assertThat(read("{\"image_processor_type\": \"ViTImageProcessor\"" + crop).crop()).isEmpty();
    assertThat(read("{\"image_processor_type\": \"ViTImageProcessorFast\"" + crop).crop())
        .map(Crop::size)
        .contains(new Size(9, 9));
    assertThat(read("{\"image_processor_type\": \"BeitImageProcessor\"}").crop()).isPresent();
    assertThat(read("{\"image_processor_type\": \"BeitImageProcessorFast\"}").crop()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MobileViTFeatureExtractor | \"do_flip_channels\": true, \"do_normalize\": true",
        "ViTImageProcessor | \"crop_pct\": 0.9, \"do_pad\": true, \"size_divisor\": 32",
        "CLIPImageProcessor | \"default_to_square\": true",
        "CLIPImageProcessor | \"do_convert_rgb\": false, \"max_size\": 9",
      })
  void keysThatTheNamedClassDoesNotReadHaveNoEffect(String name, String keys) throws IOException {
    String named = "{\"image_processor_type\": \"%s\", \"size\": 30".formatted(name);
    assertThat(read(named + ", " + keys + "}")).isEqualTo(read(named + "}"));
  }

  @Test
  void sizesMayBeWrittenInEachOfTheirForms() throws IOException {
    String bit = "{\"image_processor_type\": \"BitImageProcessor\", \"size\": ";
    assertThat(target(bit + "9}")).isEqualTo(new ShortestEdge(9));
    assertThat(target(bit + "{\"shortest_edge\": 9, \"longest_edge\": 20}}"))
        .isEqualTo(new ShortestEdge(9));
    assertThat(target(bit + "[9, 8]}")).isEqualTo(new Exactly(new Size(8, 9)));
    assertThat(target("{\"image_processor_type\": \"ViTImageProcessor\", \"size\": 9}"))
        .isEqualTo(new Exactly(new Size(9, 9)));
  }

  private Target target(String recipe) throws IOException {
    return read(recipe).resize().orElseThrow().target();
  }

  /** Newer versions of transformers write one file for all of a model's processors. */
  @Test
  void imageProcessorMayStandInsideAnotherFile() throws IOException {
    String recipe = "{\"image_processor_type\": \"BitImageProcessor\"}";
    String nested = "{\"image_processor\": " + recipe + ", \"processor_class\": \"CLIPProcessor\"}";
    Preprocessing alone = read(recipe);
    assertThat(read(nested)).isEqualTo(alone);

    Files.delete(folder.resolve(ModelFolder.PREPROCESSOR));
    Files.writeString(folder.resolve(ModelFolder.PROCESSOR), nested);
    Recipe found = Recipe.read(new ModelFolder("test", 1, folder)).orElseThrow();
    assertThat(found.steps()).isEqualTo(alone);
    assertThat(found.source()).isEqualTo("processor_config.json's \"image_processor\"");

    Files.writeString(folder.resolve(ModelFolder.PROCESSOR), "{\"processor_class\": \"A\"}");
    assertThat(Recipe.read(new ModelFolder("test", 1, folder)))
        .as("a file without an image processor")
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pillow, BICUBIC, PILLOW_12, resample",
    "pillow-13, BICUBIC, PILLOW_13, 'resample, resize_method'",
    "opencv-linear, LINEAR, PILLOW_12, resize_method",
    "tensorflow-bilinear, LINEAR, PILLOW_12, resize_method",
    "opencv-area, AREA, PILLOW_12, resize_method"
  })
  void imagesAreScaledAsOtherLibrariesDoIt(String method, Filter filter, Passes passes, String key)
      throws IOException {
    Recipe recipe =
        recipe(
            """
            {"image_processor_type": "BitImageProcessor", "resample": 3, "resize_method": "%s"}\
            """
                .formatted(method));
    Resize resize = recipe.steps().resize().orElseThrow();
    assertThat(resize.filter()).isEqualTo(filter);
    assertThat(resize.passes()).isEqualTo(passes);
    assertThat(recipe.origins().get().filter()).isEqualTo("preprocessor_config.json: " + key);
  }

  @Test
  void letterboxTakesThePlaceOfSizeAndCrop() throws IOException {
    Recipe recipe =
        recipe(
            """
            {"image_processor_type": "BitImageProcessor",
             "letterbox": {"height": 20, "width": 30, "color": 114, "anchor": "top-left"}}\
            """);
    Size size = new Size(30, 20);
    assertThat(recipe.steps().resize().map(Resize::target)).contains(new Fitting(size));
    assertThat(recipe.steps().crop())
        .contains(new Crop(size, Centre.TOP_LEFT, new Rgb(114, 114, 114)));
    assertThat(recipe.origins().get().resize()).isEqualTo("preprocessor_config.json: letterbox");
    assertThat(
            read("{\"do_resize\": true, \"resample\": 2, \"letterbox\": {\"height\": 9, \"width\":"
                    + " 9}}")
                .crop())
        .contains(new Crop(new Size(9, 9), Centre.DJL));
  }

  private static Preprocessing clipOfThisSize(int edge) {
    return new Preprocessing(
        Optional.of(new Resize(new ShortestEdge(edge), Filter.BICUBIC)),
        Optional.of(new Crop(new Size(224, 224), Centre.TRANSFORMERS)),
        1 / 255.0,
        new Rgb(0.48145466f, 0.4578275f, 0.40821073f),
        new Rgb(0.26862954f, 0.26130258f, 0.27577711f));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"size\": {\"height\": 9, \"width\": 9}, \"resample\": 2} | it has \"size\" but no"
            + " \"do_resize\"",
        "{\"image_mean\": [1, 1, 1], \"image_std\": [1, 1, 1]} | has \"image_mean\" but no"
            + " \"do_normalize\"",
        "{\"crop_size\": {\"height\": 9, \"width\": 9}} | has \"crop_size\" but no"
            + " \"do_center_crop\"",
        "{\"do_resize\": true, \"resample\": 2} | has no \"size\"; add it, or"
            + " \"image_processor_type\"",
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
        Optional.empty(),
        Optional.empty(),
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
