package dev.glimpse.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Names formats that are recognised but not decoded, so that a client learns what it has sent. Both
 * are <a href="https://www.iso.org/standard/85596.html">ISO base media files</a>, told apart by
 * their major brand.
 */
enum UnsupportedFormat implements ImageFormat {
  HEIC {
    @Override
    boolean hasBrand(String brand) {
      return brand.startsWith("hei") || brand.startsWith("hev") || brand.equals("mif1");
    }
  },
  AVIF {
    @Override
    boolean hasBrand(String brand) {
      return brand.startsWith("avi");
    }
  };

  private static final int BRAND = 8;
  private static final int BRAND_LENGTH = 4;

  abstract boolean hasBrand(String brand);

  @Override
  public boolean matches(ByteBuffer file) {
    return file.limit() >= BRAND + BRAND_LENGTH
        && Signature.matches(file, 4, 'f', 't', 'y', 'p')
        && hasBrand(brand(file));
  }

  private static String brand(ByteBuffer file) {
    byte[] brand = new byte[BRAND_LENGTH];
    file.get(BRAND, brand);
    return new String(brand, StandardCharsets.ISO_8859_1);
  }
}
