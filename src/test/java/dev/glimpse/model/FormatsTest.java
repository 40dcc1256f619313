package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.engine.TensorSpec;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.recipe.InputSignature;
import dev.glimpse.recipe.Recipe;
import dev.glimpse.recipe.Specs;
import dev.glimpse.recipe.TimmConfig;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From a graph's input and the file beside it to the tensor's bytes, against the reference. */
class FormatsTest {

  @TempDir Path folder;

  static List<Map<String, String>> golden() {
    return Fixtures.table("golden/formats/tensors.tsv");
  }

  /** The tolerance is 0, of float16 too: images are PNGs, and each step rounds as the reference. */
  @ParameterizedTest
  @MethodSource("golden")
  void makesTheTensorOfTheReferenceToTheLastBit(Map<String, String> row) throws Exception {
    String file =
        row.get("file").contains(TimmConfig.KEY) ? ModelFolder.CONFIG : ModelFolder.PREPROCESSOR;
    Files.writeString(folder.resolve(file), row.get("file"));
    ModelFolder model = new ModelFolder("test", 1, folder);
    Recipe recipe = Recipe.read(model).orElseThrow();
    InputSignature check = new InputSignature(model, Specs.of(row.get("input")), recipe);
    Preprocessor preprocessor = new Preprocessor(recipe.steps(), check.format());
    Pixels image =
        new ImageDecoder(Configs.defaults(), ImageCodecs.all())
            .decode(Fixtures.image(row.get("image")));

    byte[] expected =
        Fixtures.bytes(Fixtures.RESOURCES.resolve("golden/formats").resolve(row.get("tensor")));
    // Other bytes before and after, to see that only the tensor's are written.
    ByteBuffer memory =
        ByteBuffer.allocateDirect(expected.length + 16).order(ByteOrder.nativeOrder());
    memory.position(8).limit(8 + expected.length);
    preprocessor.write(image, memory);

    assertThat(memory.hasRemaining()).isFalse();
    assertThat(shape(preprocessor.shape(image.width(), image.height())))
        .isEqualTo(row.get("shape"));
    assertThat(memory.clear().getLong(0)).isZero();
    assertThat(memory.getLong(8 + expected.length)).isZero();
    byte[] made = new byte[expected.length];
    memory.get(8, made);
    assertThat(made).isEqualTo(Specs.inNativeOrder(expected, row.get("input")));
  }

  private static String shape(long[] shape) {
    return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  @Test
  void aSpecIsReadAsItIsWritten() {
    TensorSpec spec = Specs.of("float16[?,3,224,224]");
    assertThat(spec).hasToString("input float16[?,3,224,224]");
  }
}
