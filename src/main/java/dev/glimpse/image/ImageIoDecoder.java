package dev.glimpse.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The JDK's own decoders. Colours are taken as they are stored: a colour profile would change what
 * the model sees, and the models were trained on pixels without one.
 */
final class ImageIoDecoder implements Decoder {

  /** For people. */
  @Override
  public String toString() {
    return "ImageIO";
  }

  @Override
  public Pixels decode(byte[] bytes, ImageHeader header, double scale) throws UnreadableImage {
    ImageFormat format = header.format();
    ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
    // Given a profile, ImageIO would convert the colours by it.
    byte[] plain = format == ImageFormat.JPEG ? new JpegSegments(bytes).withoutProfile() : bytes;
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(plain))) {
      boolean[] truncated = new boolean[1];
      // libjpeg fills what is missing with grey, and says so only in a warning.
      reader.addIIOReadWarningListener(
          (source, warning) -> truncated[0] |= warning.contains("Missing EOI"));
      reader.setInput(in, false, true);
      Pixels pixels = read(reader, format, bytes);
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

  private static Pixels read(ImageReader reader, ImageFormat format, byte[] bytes)
      throws IOException {
    boolean jpeg = format == ImageFormat.JPEG;
    try {
      BufferedImage image = reader.read(0);
      if (!jpeg || image.getRaster().getNumBands() != 4) {
        return rgb(image);
      }
    } catch (IIOException e) {
      // What older JDKs say of four colours; newer ones read them, with a conversion of their own.
      if (!jpeg || !"Unsupported Image Type".equals(e.getMessage())) {
        throw e;
      }
    }
    Raster raster = reader.readRaster(0, null);
    byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
    Cmyk.Encoding encoding = Cmyk.Encoding.of(new JpegSegments(bytes));
    return Cmyk.toRgb(raster.getWidth(), raster.getHeight(), samples, encoding);
  }

  private static Pixels rgb(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    Raster raster = image.getRaster();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
      byte[] bgr = ((DataBufferByte) raster.getDataBuffer()).getData();
      for (int i = 0; i < rgb.length; i += 3) {
        rgb[i] = bgr[i + 2];
        rgb[i + 1] = bgr[i + 1];
        rgb[i + 2] = bgr[i];
      }
    } else if (image.getColorModel() instanceof java.awt.image.IndexColorModel palette) {
      int[] colours = new int[palette.getMapSize()];
      palette.getRGBs(colours);
      int[] row = new int[width];
      for (int y = 0, at = 0; y < height; y++) {
        raster.getSamples(0, y, width, 1, 0, row);
        for (int x = 0; x < width; x++, at += 3) {
          int argb = colours[Math.min(row[x], colours.length - 1)];
          put(rgb, at, argb >>> 16 & 0xFF, argb >>> 8 & 0xFF, argb & 0xFF, argb >>> 24);
        }
      }
    } else {
      direct(raster, rgb);
    }
    return new Pixels(width, height, rgb);
  }

  /** Grey or RGB, with or without alpha, 8 or 16 bits a sample. */
  private static void direct(Raster raster, byte[] rgb) {
    int bands = raster.getNumBands();
    boolean alpha = bands == 2 || bands == 4;
    int green = bands >= 3 ? 1 : 0;
    int blue = bands >= 3 ? 2 : 0;
    boolean wide = raster.getTransferType() == DataBuffer.TYPE_USHORT;
    int[] row = new int[raster.getWidth() * bands];
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      if (wide) {
        for (int i = 0; i < row.length; i++) {
          row[i] = (row[i] * 255 + 32767) / 65535;
        }
      }
      for (int i = 0; i < row.length; i += bands, at += 3) {
        put(rgb, at, row[i], row[i + green], row[i + blue], alpha ? row[i + bands - 1] : 255);
      }
    }
  }

  /** Lays a colour over white. */
  private static void put(byte[] rgb, int at, int red, int green, int blue, int alpha) {
    rgb[at] = over(red, alpha);
    rgb[at + 1] = over(green, alpha);
    rgb[at + 2] = over(blue, alpha);
  }

  private static byte over(int colour, int alpha) {
    return (byte) ((colour * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}
