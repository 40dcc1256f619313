package dev.glimpse.support;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Draws a JPEG as large as a phone's: 12 megapixels, about 5 MB. */
public final class PhonePhoto {

  private static final int WIDTH = 4032;
  private static final int HEIGHT = 3024;

  /** Chosen for the size of the file. */
  private static final int NOISE = 35;

  private PhonePhoto() {}

  /** Writes the photo to a file that is deleted when the tests end. */
  public static Path write() throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    byte[] samples = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    Random random = new Random(1);
    int noise = 0;
    for (int i = 0; i < samples.length; i++) {
      if (i % 3 == 0) {
        noise = random.nextInt(NOISE);
      }
      samples[i] = (byte) (40 + i / (samples.length / 128) + noise);
    }
    Path file = Files.createTempFile(Path.of("target"), "phone", ".jpg");
    file.toFile().deleteOnExit();
    ImageIO.write(image, "jpeg", file.toFile());
    return file;
  }
}
