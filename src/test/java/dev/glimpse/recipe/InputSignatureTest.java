package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.preprocess.TensorFormat;
import dev.glimpse.repository.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputSignatureTest {

  private static final String RAW = "\"do_rescale\": false";
  private static final String LAST = "\"data_format\": \"channels_last\"";
  private static final String FIRST = "\"data_format\": \"channels_first\"";
  private static final String FLIP = "\"do_flip_channel_order\": true";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "float[?,3,32,32] | | RGB NCHW FLOAT32",
        "float[1,3,?,?] | | RGB NCHW FLOAT32",
        "float[?,?,?,?] | | RGB NCHW FLOAT32",
        "float[?,?,32,32] | | RGB NCHW FLOAT32",
        "float[?,3,32,3] | | RGB NCHW FLOAT32",
        "float[?,3,3,1] | | RGB NCHW FLOAT32",
        "float[?,32,32,3] | | RGB NHWC FLOAT32",
        "float[?,?,?,3] | | RGB NHWC FLOAT32",
        "float[?,32,32,1] | | GREY NHWC FLOAT32",
        "float[?,1,32,32] | | GREY NCHW FLOAT32",
        "float16[?,3,32,32] | | RGB NCHW FLOAT16",
        "uint8[?,32,32,3] | " + RAW + " | RGB NHWC UINT8",
        "float[?,?,?,?] | " + LAST + " | RGB NHWC FLOAT32",
        "float[?,3,32,3] | " + LAST + " | RGB NHWC FLOAT32",
        "float[?,32,32,?] | " + LAST + " | RGB NHWC FLOAT32",
        "float[?,32,32,3] | " + FIRST + " | RGB NHWC FLOAT32",
        "float[?,32,32,3] | " + FLIP + " | BGR NHWC FLOAT32",
        "float[?,?,?,?] | " + FLIP + " | BGR NCHW FLOAT32",
      })
  void theGraphShowsHowItIsFedAndTheFileSaysTheRest(String input, String keys, String format)
      throws Exception {
    TensorFormat read = check(input, keys).format();
    assertThat(read.channels() + " " + read.layout() + " " + read.type()).isEqualTo(format);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "float[?,3072] | | images need [batch,3,height,width] or [batch,height,width,3]",
        "float[8,3,32,32] | | its batch size is fixed; export it with a dynamic batch size, or with 1",
        "double[?,3,32,32] | | images need float, float16 or uint8; export it with one of these types",
        "int8[?,3,32,32] | | images need float, float16 or uint8; export it with one of these types",
        "bfloat16[?,3,32,32] | | images need float, float16 or uint8; export it with one of these types",
        "float[?,4,32,32] | | images need 3 channels or 1, in the second dimension or the last",
        "float[?,32,32,?] | | images need 3 channels or 1, in the second dimension or the last",
        "float[?,3,32,32] | " + LAST + " | \"channels_last\"; correct its \"data_format\"",
        "float[?,3,?,?] | " + LAST + " | \"channels_last\"; correct its \"data_format\"",
        "float[?,1,32,32] | " + FLIP + " | 3 channels; correct its \"do_flip_channel_order\"",
        "uint8[?,3,32,32] | | set \"do_rescale\" and \"do_normalize\" to false",
        "uint8[?,3,32,32] | \"rescale_factor\": 2 | integers from 0 to 255",
        "float16[?,3,32,32] | \"rescale_factor\": 257 | above 65504, the maximum of float16; correct its \"rescale_factor\"",
      })
  void rejectsAnUnsuitableInputWithAReason(String input, String keys, String sentence) {
    assertRejected(() -> check(input, keys).format(), input, sentence);
  }

  @Test
  void threeDifferentNumbersAreTooManyForGrey() {
    assertRejected(
        () ->
            check(
                    "float[?,1,32,32]",
                    "\"do_normalize\": true, \"image_mean\": [0.4, 0.5, 0.6], \"image_std\": 1")
                .format(),
        "float[?,1,32,32]",
        "three numbers for the one channel; give a single number for \"image_mean\" and for \"image_std\"");
  }

  @ParameterizedTest
  @CsvSource({
    "'float[?,3,32,32]', '[1, 32, 32]', 'makes 1 channels; correct its \"input_size\"'",
    "'float[?,1,32,32]', '[3, 32, 32]', 'makes 3 channels; correct its \"input_size\"'",
    "'uint8[?,3,32,32]', '[3, 32, 32]', 'or export the graph with a float input'",
  })
  void timmsSizeHasToFitAsWell(String input, String size, String sentence) {
    assertRejected(
        () ->
            check(ModelFolder.CONFIG, input, "{\"pretrained_cfg\": {\"input_size\": " + size + "}}")
                .format(),
        input,
        sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "float[?,24,32,3] | 20 | makes images 20 high and 20 wide; correct its sizes",
        "float[?,20,24,3] | 20 | makes images 20 high and 20 wide; correct its sizes",
        "float[?,20,20,3] | 0 | does not fix the image size; add \"crop_size\"",
      })
  void sizesAreHeldToTheRightDimensions(String input, int crop, String sentence) {
    String keys = crop == 0 ? "" : "\"do_center_crop\": true, \"crop_size\": " + crop;
    assertRejected(
        () -> {
          InputSignature check = check(input, keys);
          check.size(check.format().layout());
        },
        input,
        sentence);
  }

  private void assertRejected(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String input, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("the graph's input is input " + input)
        .hasMessageContaining(sentence)
        .hasMessageEndingWith(".");
  }

  private InputSignature check(String input, String keys) throws Exception {
    return check(ModelFolder.PREPROCESSOR, input, "{" + (keys == null ? "" : keys) + "}");
  }

  private InputSignature check(String file, String input, String json) throws Exception {
    Files.writeString(folder.resolve(file), json);
    ModelFolder model = new ModelFolder("test", 1, folder);
    return new InputSignature(model, Specs.of(input), Recipe.read(model).orElseThrow());
  }
}
