package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.recipe.Fact;
import dev.glimpse.support.Fixtures;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders that are not Hugging Face's; src/test/golden/layouts.py made them. */
class LayoutsTest {

  private static GoldenScores layouts;

  @BeforeAll
  static void load() {
    layouts = new GoldenScores(Fixtures.RESOURCES.resolve("models-layouts"));
  }

  @AfterAll
  static void close() {
    layouts.close();
  }

  @Test
  void everyLayoutAnswersAsTheReferenceDoes() {
    layouts.compare(Fixtures.table("golden/layouts.tsv"), Fixtures::image);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "djl | graph | resnet18_v1.onnx | model folder",
        "djl | layout | NCHW | graph: its input",
        "djl | channels | red, green, blue | default of DJL",
        "djl | resize | shorter side to 36 | serving.properties: width, height, resizeShort",
        "djl | filter | bilinear | serving.properties: resizeShort",
        "djl | crop | center 32×32 | serving.properties: width, height, centerCrop",
        "djl | rescale | 1/255 | default of DJL",
        "djl | mean | 0.5 | serving.properties: normalize",
        "djl | activation | softmax | graph: its scores are not probabilities",
        "djl | labels | 6: red, green … white | synset.txt",
        "djl-bytes | layout | NHWC | graph: its input",
        "djl-bytes | resize | to 32×32 | serving.properties: width, height, resize",
        "djl-bytes | filter | bicubic | serving.properties: resize",
        "djl-bytes | crop | none | serving.properties: width, height",
        "djl-bytes | rescale | none | serving.properties: toTensor",
        "djl-bytes | labels | 6: red, green … white | serving.properties: synset",
        "bare | resize | shorter side to 36 | default (ImageNet)",
        "bare | crop | center 32×32 | graph: its input",
        "bare | mean | 0.485, 0.456, 0.406 | default (ImageNet)",
        "bare | labels | 6: red, green … white | labels.txt",
        "bare-metadata | channels | blue, green, red | graph: metadata Image.BitmapPixelFormat",
        "bare-metadata | mean | 1.0 | graph: metadata Image.NominalPixelRange",
        "ultralytics | crop | center 32×32 | graph: metadata imgsz",
        "ultralytics | activation | none | graph: its softmax node",
        "ultralytics | labels | 6: red, green … white | graph: metadata names",
        "hub | graph | onnx/model.onnx | model folder",
        "hub | resize | shorter side to 36 | preprocessor_config.json: size",
        "hub | rescale | 1/255 | preprocessor_config.json: do_rescale, rescale_factor",
        "hub | labels | 6: red, green … white | config.json: id2label",
        "hub | languages | en, zh | config.json, labels.<language>.txt",
      })
  void whoSaysWhatIsKnown(String model, String fact, String value, String source) {
    Map<String, Fact> facts =
        layouts.model(model).facts().get().stream()
            .collect(Collectors.toMap(Fact::name, found -> found));
    assertThat(facts.get(fact)).isEqualTo(new Fact(fact, value, source));
  }
}
