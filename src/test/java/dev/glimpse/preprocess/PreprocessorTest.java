package dev.glimpse.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.glimpse.image.Pixels;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Fitting;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessing.Target;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessorTest {

  private static final Target EDGE = new ShortestEdge(256);

  @Test
  void fourTimesTheResizesTargetIsNeeded() {
    assertThat(scaleNeeded(EDGE, Filter.BILINEAR, 4096, 3072)).isEqualTo(4 * 256 / 3072.0);
    assertThat(scaleNeeded(EDGE, Filter.BICUBIC, 3072, 4096)).isEqualTo(4 * 256 / 3072.0);
  }

  @Test
  void bothSidesMustBeLargeEnough() {
    Target square = new Exactly(new Size(224, 224));
    assertThat(scaleNeeded(square, Filter.BILINEAR, 4000, 1000)).isEqualTo(0.896);
  }

  @Test
  void aSmallImageIsNeededAtFullSize() {
    assertThat(scaleNeeded(EDGE, Filter.BILINEAR, 500, 375)).isEqualTo(1);
    assertThat(scaleNeeded(EDGE, Filter.BILINEAR, 20, 20)).isEqualTo(1);
  }

  @Test
  void nearestNeedsTheFullSize() {
    assertThat(scaleNeeded(EDGE, Filter.NEAREST, 4000, 3000)).isEqualTo(1);
  }

  @Test
  void withoutResizeTheFullSizeIsNeeded() {
    Size crop = new Size(224, 224);
    assertThat(preprocessor(Optional.empty(), crop).scaleNeeded(4000, 3000)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"500, 375", "4000, 3000", "40, 30"})
  void laterImagesAllocateLittleHeap(int width, int height) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Preprocessor preprocessor =
        preprocessor(Optional.of(new Resize(EDGE, Filter.BILINEAR)), new Size(224, 224));
    Pixels image = new Pixels(width, height, new byte[width * height * 3]);
    ByteBuffer tensor =
        ByteBuffer.allocateDirect(3 * 224 * 224 * Float.BYTES).order(ByteOrder.nativeOrder());
    preprocessor.write(image, tensor.clear());

    long before = threads.getCurrentThreadAllocatedBytes();
    preprocessor.write(image, tensor.clear());

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(128 << 10);
  }

  @Test
  void interpolationWithoutAveragingNeedsTheFullSize() {
    assertThat(scaleNeeded(EDGE, Filter.LINEAR, 4000, 3000)).isEqualTo(1);
    assertThat(scaleNeeded(EDGE, Filter.AREA, 4096, 3072)).isEqualTo(4 * 256 / 3072.0);
  }

  /** A white image of 4×2 pixels in a box of 4×5: the odd row is added below. */
  @ParameterizedTest
  @CsvSource({"DJL, 1", "TOP_LEFT, 0"})
  void letterboxIsFilledWithItsColor(Centre anchor, int above) {
    Size box = new Size(4, 5);
    Preprocessor preprocessor =
        new Preprocessor(
            new Preprocessing(
                Optional.of(new Resize(new Fitting(box), Filter.LINEAR)),
                Optional.of(new Crop(box, anchor, new Rgb(114, 115, 116))),
                1,
                Preprocessing.NO_MEAN,
                Preprocessing.NO_DEVIATION),
            TensorFormat.RGB_NCHW_FLOAT32);
    byte[] white = new byte[8 * 4 * 3];
    Arrays.fill(white, (byte) 255);
    ByteBuffer bytes = ByteBuffer.allocate(3 * 4 * 5 * Float.BYTES).order(ByteOrder.nativeOrder());
    preprocessor.write(new Pixels(8, 4, white), bytes);

    FloatBuffer tensor = bytes.flip().asFloatBuffer();
    for (int i = 0; i < tensor.capacity(); i++) {
      int channel = i / 20;
      int y = i % 20 / 4;
      assertThat(tensor.get(i))
          .as("channel %d, row %d", channel, y)
          .isEqualTo(y >= above && y < above + 2 ? 255 : 114 + channel);
    }
  }

  @ParameterizedTest
  @CsvSource({"640, 480, 224, 168", "480, 640, 168, 224", "30, 20, 224, 149", "500, 1, 224, 1"})
  void wholeImagesFitIntoTheBox(int width, int height, int toWidth, int toHeight) {
    assertThat(new Fitting(new Size(224, 224)).of(width, height))
        .isEqualTo(new Size(toWidth, toHeight));
  }

  private static double scaleNeeded(Target target, Filter filter, int width, int height) {
    Resize resize = new Resize(target, filter);
    return preprocessor(Optional.of(resize), new Size(224, 224)).scaleNeeded(width, height);
  }

  private static Preprocessor preprocessor(Optional<Resize> resize, Size crop) {
    return new Preprocessor(
        new Preprocessing(
            resize,
            Optional.of(new Crop(crop, Centre.TRANSFORMERS)),
            1 / 255.0,
            Preprocessing.NO_MEAN,
            Preprocessing.NO_DEVIATION),
        TensorFormat.RGB_NCHW_FLOAT32);
  }
}
