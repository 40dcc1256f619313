package dev.glimpse.preprocess;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFile;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Window;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.support.Configs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Times the way from a file's bytes to the tensor, and its steps; pillow.py does so with Pillow.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 2, time = 1)
@Fork(1)
public class PreprocessBench {

  /** The name of a file in the folder that the system property {@code bench.images} names. */
  @Param({"500x375.jpg", "500x375.png", "4032x3024.jpg", "4032x3024.png"})
  public String file;

  /** The value of {@code glimpse.image.decode}: {@code exact} or {@code fast}. */
  @Param({"exact", "fast"})
  public String path;

  /** Shorter side to 256, bilinear, the central 224×224: what most ImageNet models need. */
  private final Preprocessor preprocessor =
      new Preprocessor(
          new Preprocessing(
              Optional.of(new Resize(new ShortestEdge(256), Filter.BILINEAR)),
              Optional.of(new Crop(new Size(224, 224), Centre.TRANSFORMERS)),
              1 / 255.0,
              new Rgb(0.485f, 0.456f, 0.406f),
              new Rgb(0.229f, 0.224f, 0.225f)),
          TensorFormat.RGB_NCHW_FLOAT32);

  private final ByteBuffer tensor =
      ByteBuffer.allocateDirect(3 * 224 * 224 * Float.BYTES).order(ByteOrder.nativeOrder());

  private ImageDecoder decoder = new ImageDecoder(Configs.defaults(), ImageCodecs.all());
  private ImageFile image = new ImageFile(Bytes.of(new byte[0]));
  private Pixels pixels = new Pixels(1, 1, new byte[3]);
  private int sum;

  @Setup
  public void read() throws IOException {
    Path folder = Path.of(System.getProperty("bench.images"));
    image = new ImageFile(Bytes.of(Files.readAllBytes(folder.resolve(file))));
    decoder = new ImageDecoder(Configs.of(Map.of("glimpse.image.decode", path)), ImageCodecs.all());
    pixels = decoder.decode(image, preprocessor::scaleNeeded);
  }

  /** Decodes the whole image. */
  @Benchmark
  public int decode() {
    try (Pixels decoded = decoder.decode(image, preprocessor::scaleNeeded)) {
      return decoded.pixel(0, 0);
    }
  }

  /** Resizes the whole image by the Java code, and discards its rows. */
  @Benchmark
  public int resize() {
    Size size = new ShortestEdge(256).of(pixels.width(), pixels.height());
    Window all = new Window(0, 0, size.width(), size.height());
    Resampler.resize(
        new PackedPixels(pixels, false),
        size,
        Filter.BILINEAR,
        Passes.PILLOW_12,
        all,
        (y, row) -> sum += row[y % 2]);
    return sum;
  }

  /** Resizes, crops, normalizes and lays out. */
  @Benchmark
  public ByteBuffer tensor() {
    preprocessor.write(pixels, tensor.clear());
    return tensor;
  }

  /** Decodes the part that the tensor needs, as the service does, and makes the tensor. */
  @Benchmark
  public ByteBuffer whole() {
    try (Pixels decoded =
        decoder.decode(image, preprocessor::scaleNeeded, preprocessor::partNeeded)) {
      preprocessor.write(decoded, tensor.clear());
      return tensor;
    }
  }
}
