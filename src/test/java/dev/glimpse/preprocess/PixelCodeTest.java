package dev.glimpse.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glimpse.config.PixelCode;
import dev.glimpse.image.Orientation;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Window;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Part;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.Size;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the library in C with the Java code, to the bit, on random images and models. {@code
 * -Dpixels.cases=100000} tries more.
 */
class PixelCodeTest {

  private static final int CASES = Integer.getInteger("pixels.cases", 400);
  private static final int GUARD = 64;

  @ParameterizedTest
  @EnumSource(value = PixelCode.class, names = "JAVA", mode = EnumSource.Mode.EXCLUDE)
  void tensorsEqualThoseOfJava(PixelCode code) {
    assumeTrue(PixelCodes.isAvailable(code), "There is no " + PixelCodes.words(code) + " here");
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      Case tried = Case.random(random);
      assertThat(tried.tensor(code))
          .as("seed %d, %s", seed, tried)
          .isEqualTo(tried.tensor(PixelCode.JAVA));
    }
  }

  /** So decoders may leave out the rest. */
  @ParameterizedTest
  @EnumSource
  void onlyThePartThatIsNeededIsRead(PixelCode code) {
    assumeTrue(PixelCodes.isAvailable(code), "There is no " + PixelCodes.words(code) + " here");
    int smaller = 0;
    for (int seed = 0; seed < CASES; seed++) {
      Case tried = Case.random(new Random(seed));
      assertThat(tried.tensorOfPart(code))
          .as("seed %d, %s", seed, tried)
          .isEqualTo(tried.tensor(code));
      smaller += tried.needsAll() ? 0 : 1;
    }
    assertThat(smaller).isGreaterThan(CASES / 10);
  }

  @ParameterizedTest
  @EnumSource(value = PixelCode.class, names = "JAVA", mode = EnumSource.Mode.EXCLUDE)
  void largeImagesOnTheHeapAreScaledInBands(PixelCode code) {
    assumeTrue(PixelCodes.isAvailable(code), "There is no " + PixelCodes.words(code) + " here");
    for (int seed = 0; seed < 12; seed++) {
      Case tried = Case.of(new Size(1800, 1500), new Random(seed));
      assertThat(tried.tensor(code))
          .as("seed %d, %s", seed, tried)
          .isEqualTo(tried.tensor(PixelCode.JAVA));
    }
  }

  /** Of a turned image, whose rows are stored as columns, one row needs all of it. */
  @Test
  void onlyLargeImagesThatAreTurnedAreLeftToJava() {
    PixelCode code = PixelCodes.best();
    assumeTrue(code != PixelCode.JAVA, "There is no library here");
    Size to = new Size(30, 20);
    Resize resize = new Resize(new Exactly(to), Filter.BILINEAR);
    NativeScaler scaler = new NativeScaler(code, TensorFormat.RGB_NCHW_FLOAT32, new float[768]);
    ByteBuffer tensor = direct(30 * 20 * 3 * Float.BYTES);
    NativeScaler.Place place = new NativeScaler.Place(to, 0, 0);
    Window all = new Window(0, 0, 30, 20);
    Pixels small = new Pixels(100, 50, Pixels.allocate(100, 50));
    Pixels large = new Pixels(1800, 1500, Pixels.allocate(1800, 1500));
    Orientation turned = Orientation.values()[Orientation.values().length - 1];

    assertThat(turned.transposes()).isTrue();
    assertThat(scaler.write(small, resize, all, tensor, place)).isTrue();
    assertThat(scaler.write(small.oriented(turned), resize, all, tensor, place)).isTrue();
    assertThat(scaler.write(large, resize, all, tensor, place)).isTrue();
    assertThat(scaler.write(large.oriented(turned), resize, all, tensor, place)).isFalse();
  }

  @Test
  void theFastestIsTheLastThatIsAvailable() {
    for (PixelCode code : PixelCode.values()) {
      assertThat(PixelCodes.isAvailable(code))
          .isEqualTo(code.ordinal() <= PixelCodes.best().ordinal());
    }
  }

  /** The C code checks what it is given, so that a mistake in Java cannot reach other memory. */
  @ParameterizedTest
  @EnumSource(value = PixelCode.class, names = "JAVA", mode = EnumSource.Mode.EXCLUDE)
  void whatLiesOutsideOfTheImageIsRefused(PixelCode code) {
    assumeTrue(PixelCodes.isAvailable(code), "There is no " + PixelCodes.words(code) + " here");
    Size from = new Size(8, 6);
    Size to = new Size(4, 3);
    Scaling scaling =
        Scaling.of(from, to, Filter.BILINEAR, Passes.PILLOW_12, new Window(0, 0, 4, 3));
    NativeScaler scaler = new NativeScaler(code, TensorFormat.RGB_NCHW_FLOAT32, new float[768]);
    ByteBuffer tensor = direct(4 * 3 * 3 * Float.BYTES);
    NativeScaler.Place place = new NativeScaler.Place(to, 0, 0);
    Window whole = new Window(0, 0, 8, 6);
    Pixels.Stored stored = new Pixels.Stored(direct(8 * 6 * 3), 0, 3, 24);

    assertThat(scaler.write(stored, whole, scaling, tensor, place)).isTrue();
    assertThat(scaler.write(stored, new Window(1, 0, 8, 6), scaling, tensor, place)).isFalse();
    assertThat(scaler.write(stored, new Window(0, 0, 7, 6), scaling, tensor, place)).isFalse();
    assertThat(
            scaler.write(
                new Pixels.Stored(direct(8 * 6 * 3 - 1), 0, 3, 24), whole, scaling, tensor, place))
        .isFalse();
    assertThat(
            scaler.write(
                new Pixels.Stored(direct(8 * 6 * 3), 0, -3, 24), whole, scaling, tensor, place))
        .isFalse();
    assertThat(scaler.write(stored, whole, scaling, tensor.duplicate().position(1), place))
        .isFalse();
    assertThat(scaler.write(stored, whole, scaling, tensor, new NativeScaler.Place(to, 1, 0)))
        .isFalse();
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** One image and one model. */
  private record Case(
      Size stored,
      boolean heap,
      Orientation orientation,
      Preprocessing steps,
      TensorFormat format,
      long noise) {

    static Case random(Random random) {
      boolean tall = random.nextInt(10) == 0;
      return of(tall ? new Size(1 + random.nextInt(4), 500) : size(random, 300), random);
    }

    static Case of(Size stored, Random random) {
      Filter[] filters = Filter.values();
      Optional<Part> part =
          random.nextInt(5) == 0
              ? Optional.of(
                  new Part(
                      0.1 + 0.9 * random.nextDouble(),
                      0.1 + 0.9 * random.nextDouble(),
                      Centre.TORCHVISION))
              : Optional.empty();
      Filter filter = filters[random.nextInt(filters.length)];
      Resize resize =
          new Resize(part, new Exactly(size(random, 260)), filter, any(random, Passes.values()));
      Optional<Crop> crop =
          random.nextBoolean()
              ? Optional.of(
                  new Crop(size(random, 260), any(random, Centre.values()), new Rgb(7, 8, 9)))
              : Optional.empty();
      boolean bytes = random.nextInt(4) == 0;
      TensorFormat format =
          new TensorFormat(
              any(random, Channels.values()),
              any(random, Layout.values()),
              bytes
                  ? ElementType.UINT8
                  : random.nextBoolean() ? ElementType.FLOAT32 : ElementType.FLOAT16);
      Preprocessing steps =
          new Preprocessing(
              Optional.of(resize),
              crop,
              bytes ? 1 : 1 / 255.0,
              bytes ? Preprocessing.NO_MEAN : new Rgb(0.485f, 0.456f, 0.406f),
              bytes ? Preprocessing.NO_DEVIATION : new Rgb(0.229f, 0.224f, 0.225f));
      return new Case(
          stored,
          random.nextBoolean(),
          any(random, Orientation.values()),
          steps,
          format,
          random.nextLong());
    }

    private static Size size(Random random, int most) {
      int bound = random.nextInt(3) == 0 ? 12 : most;
      return new Size(1 + random.nextInt(bound), 1 + random.nextInt(bound));
    }

    private static <T> T any(Random random, T[] values) {
      return values[random.nextInt(values.length)];
    }

    /** Returns the tensor's bytes, with some before and after, which must stay as they are. */
    byte[] tensor(PixelCode code) {
      return tensor(code, image());
    }

    /** Returns the same for an image that holds only the part that is needed. */
    byte[] tensorOfPart(PixelCode code) {
      return tensor(code, part(image()));
    }

    boolean needsAll() {
      Window needed = needed(image());
      return needed.equals(new Window(0, 0, image().width(), image().height()));
    }

    private Window needed(Pixels image) {
      return new Preprocessor(steps, format, PixelCode.JAVA)
          .partNeeded(image.width(), image.height());
    }

    private Pixels image() {
      Random random = new Random(noise);
      byte[] rgb = new byte[stored.width() * stored.height() * Pixels.SAMPLES];
      random.nextBytes(rgb);
      if (random.nextInt(3) == 0) {
        for (int i = 0; i < rgb.length; i++) {
          rgb[i] >>= 7; // black and white, where filters overshoot
        }
      }
      ByteBuffer samples = heap ? ByteBuffer.wrap(rgb) : direct(rgb.length).put(rgb).flip();
      return new Pixels(stored.width(), stored.height(), samples, () -> {}).oriented(orientation);
    }

    private Pixels part(Pixels image) {
      Window needed = needed(image);
      byte[] rgb = image.rgb();
      ByteBuffer part = direct(needed.width() * needed.height() * Pixels.SAMPLES);
      for (int y = 0; y < needed.height(); y++) {
        int from = ((needed.y() + y) * image.width() + needed.x()) * Pixels.SAMPLES;
        part.put(rgb, from, needed.width() * Pixels.SAMPLES);
      }
      return Pixels.ofPart(image.width(), image.height(), needed, part.flip(), () -> {});
    }

    private byte[] tensor(PixelCode code, Pixels image) {
      Preprocessor preprocessor = new Preprocessor(steps, format, code);
      long[] shape = preprocessor.shape(image.width(), image.height());
      int elements = (int) (shape[1] * shape[2] * shape[3]);
      int length = elements * format.type().bytes();
      ByteBuffer tensor = direct(GUARD + length + GUARD).position(GUARD);
      preprocessor.write(image, tensor);
      assertThat(tensor.position()).isEqualTo(GUARD + length);
      byte[] bytes = new byte[tensor.capacity()];
      tensor.get(0, bytes);
      return bytes;
    }
  }
}
