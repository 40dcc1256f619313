package dev.glimpse.image.codecs;

import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.ImageFormats;
import dev.glimpse.image.bmp.BmpCodec;
import dev.glimpse.image.gif.GifCodec;
import dev.glimpse.image.heif.HeifCodec;
import dev.glimpse.image.jpeg.JpegCodec;
import dev.glimpse.image.png.PngCodec;
import dev.glimpse.image.tiff.TiffCodec;
import dev.glimpse.image.webp.WebpCodec;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** Lists the image formats that the service reads. A new format needs one line here. */
@Dependent
public class ImageCodecs {

  /** Returns every format that is supported; creating them loads no library. */
  @Produces
  @Singleton
  public static ImageFormats all() {
    List<ImageCodec> codecs =
        List.of(
            new JpegCodec(),
            new PngCodec(),
            new GifCodec(),
            new BmpCodec(),
            new TiffCodec(),
            new WebpCodec(),
            HeifCodec.heic(),
            HeifCodec.avif());
    return new ImageFormats(codecs);
  }

  /** Loads the libraries that most images need; any thread may call it while others start. */
  public static void loadLibraries() {
    JpegCodec.loadLibrary();
  }
}
