package dev.glimpse.image.jpeg;

import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import io.quarkus.runtime.ImageMode;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes JPEGs with the JDK, where libjpeg-turbo is not installed; always at full size. Colours
 * are used as they are stored: a colour profile would change what the model sees, and models are
 * trained on pixels without one.
 */
final class ImageIoDecoder implements JpegDecoder {

  /**
   * Whether there is an ImageIO: not in a native executable. There the field is read at build time
   * and so is a constant, which keeps AWT out of the executable.
   */
  static final boolean AVAILABLE = !ImageMode.current().isNativeImage();

  @Override
  public String name() {
    return "ImageIO";
  }

  @Override
  public long estimateBytes(ByteBuffer bytes, ImageHeader header, double scale) {
    JpegSegments segments = new JpegSegments(bytes);
    int samples = segments.components() + Pixels.SAMPLES;
    return header.pixels() * samples + segments.coefficients(header.pixels());
  }

  @Override
  public Pixels decode(ByteBuffer bytes, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    JpegSegments segments = new JpegSegments(bytes);
    segments.requireFewScans(header.pixels());
    ImageReader reader = ImageIO.getImageReadersByFormatName("JPEG").next();
    // With a profile, ImageIO would convert the colours.
    byte[] plain = segments.withoutProfile();
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(plain))) {
      boolean[] truncated = new boolean[1];
      // libjpeg fills gaps with grey, and reports that only as a warning.
      reader.addIIOReadWarningListener(
          (source, warning) -> truncated[0] |= warning.contains("Missing EOI"));
      reader.setInput(in, false, true);
      Pixels pixels = read(reader, segments);
      if (truncated[0]) {
        throw new UnreadableImage("truncated");
      }
      return pixels;
    } catch (IOException e) {
      throw new UnreadableImage("truncated or corrupt");
    } finally {
      reader.dispose();
    }
  }

  private static Pixels read(ImageReader reader, JpegSegments segments) throws IOException {
    try {
      BufferedImage image = reader.read(0);
      if (image.getRaster().getNumBands() != 4) {
        return rgb(image);
      }
    } catch (IIOException e) {
      // Older JDKs say this about CMYK; newer ones convert it in their own way.
      if (!"Unsupported Image Type".equals(e.getMessage())) {
        throw e;
      }
    }
    Raster raster = reader.readRaster(0, null);
    byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
    Cmyk.toRgb(ByteBuffer.wrap(samples), Cmyk.Encoding.of(segments));
    byte[] rgb = Arrays.copyOf(samples, samples.length / 4 * Pixels.SAMPLES);
    return new Pixels(raster.getWidth(), raster.getHeight(), rgb);
  }

  private static Pixels rgb(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    Raster raster = image.getRaster();
    byte[] rgb = Pixels.allocate(width, height);
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
      byte[] bgr = ((DataBufferByte) raster.getDataBuffer()).getData();
      for (int i = 0; i < rgb.length; i += 3) {
        rgb[i] = bgr[i + 2];
        rgb[i + 1] = bgr[i + 1];
        rgb[i + 2] = bgr[i];
      }
    } else {
      greyOrRgb(raster, rgb);
    }
    return new Pixels(width, height, rgb);
  }

  private static void greyOrRgb(Raster raster, byte[] rgb) {
    int bands = raster.getNumBands();
    int green = bands == 3 ? 1 : 0;
    int blue = bands == 3 ? 2 : 0;
    int[] row = new int[raster.getWidth() * bands];
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int i = 0; i < row.length; i += bands, at += 3) {
        rgb[at] = (byte) row[i];
        rgb[at + 1] = (byte) row[i + green];
        rgb[at + 2] = (byte) row[i + blue];
      }
    }
  }
}
