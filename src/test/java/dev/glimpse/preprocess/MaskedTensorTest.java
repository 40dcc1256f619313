package dev.glimpse.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedTensorTest {

  /** Of 2×1 pixels; red 10 and 30, green 50 and 50, blue 0 and 200. */
  @ParameterizedTest
  @CsvSource({"NCHW, FLOAT32", "NHWC, FLOAT32", "NCHW, FLOAT16", "NHWC, UINT8"})
  void hiddenPixelsHaveTheMeanColour(Layout layout, ElementType type) {
    TensorFormat format = new TensorFormat(Channels.RGB, layout, type);
    boolean planes = layout == Layout.NCHW;
    ByteBuffer tensor =
        planes ? tensor(type, 10, 30, 50, 50, 0, 200) : tensor(type, 10, 50, 0, 30, 50, 200);
    MaskedTensor masked =
        new MaskedTensor(format, layout.shape(3, new Preprocessing.Size(2, 1)), tensor);

    assertThat(masked.width()).isEqualTo(2);
    assertThat(masked.height()).isEqualTo(1);
    assertThat(written(masked, type, 1, 1)).isEqualTo(tensor);
    assertThat(written(masked, type, 0, 1))
        .isEqualTo(
            planes
                ? tensor(type, 20, 30, 50, 50, 100, 200)
                : tensor(type, 20, 50, 100, 30, 50, 200));
    assertThat(written(masked, type, 0.5f, 1))
        .isEqualTo(
            planes ? tensor(type, 15, 30, 50, 50, 50, 200) : tensor(type, 15, 50, 50, 30, 50, 200));
  }

  @Test
  void greyHasOneChannel() {
    TensorFormat format = new TensorFormat(Channels.GREY, Layout.NHWC, ElementType.FLOAT32);
    MaskedTensor masked =
        new MaskedTensor(
            format,
            Layout.NHWC.shape(1, new Preprocessing.Size(2, 1)),
            tensor(ElementType.FLOAT32, 2, 4));

    assertThat(written(masked, ElementType.FLOAT32, 1, 0))
        .isEqualTo(tensor(ElementType.FLOAT32, 2, 3));
  }

  private static ByteBuffer written(MaskedTensor masked, ElementType type, float... kept) {
    ByteBuffer out = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
    masked.write(kept, out);
    return out.flip();
  }

  private static ByteBuffer tensor(ElementType type, float... values) {
    ByteBuffer tensor = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
    for (float value : values) {
      type.put(value, tensor);
    }
    return tensor.flip();
  }
}
