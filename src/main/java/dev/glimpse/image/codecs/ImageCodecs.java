package dev.glimpse.image.codecs;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.PixelCode;
import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.ImageFormats;
import dev.glimpse.image.bmp.BmpCodec;
import dev.glimpse.image.gif.GifCodec;
import dev.glimpse.image.heif.HeifCodec;
import dev.glimpse.image.jpeg.JpegCodec;
import dev.glimpse.image.png.NativePngCodec;
import dev.glimpse.image.png.PngCodec;
import dev.glimpse.image.tiff.TiffCodec;
import dev.glimpse.image.webp.WebpCodec;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists the image formats that the service reads. A new format needs one line here. */
@Dependent
public class ImageCodecs {

  /** Returns the formats, without our own C code where {@code glimpse.pixels} is java. */
  @Produces
  @Singleton
  static ImageFormats formats(GlimpseConfig config) {
    return new ImageFormats(codecs(!config.pixels().equals(Optional.of(PixelCode.JAVA))));
  }

  /** Returns every format that is supported; creating them loads no library. */
  public static ImageFormats all() {
    return new ImageFormats(codecs(true));
  }

  private static List<ImageCodec> codecs(boolean nativeCode) {
    List<ImageCodec> codecs =
        new ArrayList<>(
            List.of(
                new JpegCodec(nativeCode),
                new PngCodec(),
                new GifCodec(),
                new BmpCodec(),
                new TiffCodec(),
                new WebpCodec(),
                HeifCodec.heic(),
                HeifCodec.avif()));
    if (nativeCode) {
      codecs.add(1, new NativePngCodec()); // before the one that takes what it leaves
    }
    return codecs;
  }

  /** Loads the libraries that most images need; any thread may call it while others start. */
  public static void loadLibraries() {
    JpegCodec.loadLibrary();
  }
}
