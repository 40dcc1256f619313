package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.recipe.Fact;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.VersionFolders;
import dev.glimpse.support.Configs;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of the kinds that users have reported. */
class ReportedModelsTest {

  private static final String PHOTO = "photos/imagenet/0025.jpg";

  /** The first score is transformers' one. */
  @ParameterizedTest
  @EnabledIfExternalData({"cases/models", PHOTO})
  @CsvSource(
      delimiter = '|',
      value = {
        "bit-defaults | c0 | 0.770",
        "coral-mnv1-050-uint8-out | European fire salamander, Salamandra salamandra | 0.668",
      })
  void classifies(String model, String label, float score) {
    Classification best = check(model).answer().orElseThrow().best().get(0);
    assertThat(best.label()).isEqualTo(label);
    assertThat(best.score()).isCloseTo(score, offset(0.005f));
  }

  @ParameterizedTest
  @EnabledIfExternalData({"cases/models", PHOTO})
  @ValueSource(
      strings = {
        "vit-defaults",
        "keras-int8-ptq-tf2onnx",
        "ort-qoperator-qint8",
        "hf-nested",
        "hf-clip-old",
        "keras-binary2",
        "x-binary-nolabels",
        "timm-nolabels",
        "tritonstyle"
      })
  void classifiesSomehow(String model) {
    assertThat(check(model).answer()).isPresent();
  }

  @ParameterizedTest
  @EnabledIfExternalData({"cases/models", PHOTO})
  @CsvSource(
      delimiter = '|',
      value = {
        "fastestdet-4d-bare | 758 float[1,85,22,22]",
        "iris-zipmap | output_probability float[?,?]"
      })
  void takesTensors(String model, String output) {
    ModelCheck check = check(model);
    assertThat(check.answer()).isEmpty();
    assertThat(check.facts()).extracting(Fact::value).contains(output);
  }

  @ParameterizedTest
  @EnabledIfExternalData({"cases/models", PHOTO})
  @CsvSource(
      delimiter = '|',
      value = {
        "g-ext-missing | a second file, gone.data, which is missing",
        "agrotech-missing-data | a second file, plant_disease_model.onnx.data, which is missing",
        "x-ir14 | it has IR version 14, and the newest that ONNX Runtime reads is 13; lower its",
        "lab-onebased | its keys are 1 to 10, and have to be 0 to 9",
      })
  void isRefused(String model, String sentence) {
    assertThatThrownBy(() -> check(model))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(sentence);
  }

  private static ModelCheck check(String model) {
    ModelFolder folder = VersionFolders.highest(Fixtures.asset("cases/models/" + model));
    return ModelCheck.of(folder, Fixtures.bytes(Fixtures.asset(PHOTO)), Configs.defaults());
  }
}
