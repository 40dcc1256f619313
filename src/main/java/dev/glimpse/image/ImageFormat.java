package dev.glimpse.image;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The image formats that are told apart, by their first bytes and by nothing else. */
public enum ImageFormat {
  JPEG("JPEG", true),
  PNG("PNG", true),
  GIF("GIF", true),
  BMP("BMP", true),
  TIFF("TIFF", true),
  WEBP("WebP", true),
  HEIC("HEIC", false),
  AVIF("AVIF", false);

  private final String label;
  private final boolean readable;

  ImageFormat(String label, boolean readable) {
    this.label = label;
    this.readable = readable;
  }

  /**
   * Recognises a format.
   *
   * @throws ServingException UNREADABLE_IMAGE if there are no bytes; UNSUPPORTED_MEDIA_TYPE if they
   *     are of no format that is read
   */
  public static ImageFormat of(byte[] bytes) {
    if (bytes.length == 0) {
      throw new ServingException(Failure.UNREADABLE_IMAGE, "The picture is empty: 0 bytes.");
    }
    ImageFormat format = sniff(bytes);
    if (format == null) {
      throw new ServingException(
          Failure.UNSUPPORTED_MEDIA_TYPE,
          "The bytes are of no image format that is known. Accepted: " + accepted() + ".");
    }
    if (!format.isReadable()) {
      throw new ServingException(
          Failure.UNSUPPORTED_MEDIA_TYPE,
          format.label + " pictures are not read. Accepted: " + accepted() + ".");
    }
    return format;
  }

  /** The name people know it by. */
  @Override
  public String toString() {
    return label;
  }

  /** WebP needs a library that may not be there, and so does JPEG in a native executable. */
  private boolean isReadable() {
    return switch (this) {
      case JPEG -> ImageIoDecoder.AVAILABLE || TurboJpeg.isAvailable();
      case WEBP -> Webp.isAvailable();
      default -> readable;
    };
  }

  private static String accepted() {
    return Arrays.stream(values())
        .filter(ImageFormat::isReadable)
        .map(ImageFormat::toString)
        .collect(Collectors.joining(", "));
  }

  private static @org.jspecify.annotations.Nullable ImageFormat sniff(byte[] b) {
    if (startsWith(b, 0, 0xFF, 0xD8, 0xFF)) {
      return JPEG;
    }
    if (startsWith(b, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
      return PNG;
    }
    if (startsWith(b, 0, 'G', 'I', 'F', '8')) {
      return GIF;
    }
    if (startsWith(b, 0, 'B', 'M')) {
      return BMP;
    }
    if (startsWith(b, 0, 'I', 'I', 42, 0) || startsWith(b, 0, 'M', 'M', 0, 42)) {
      return TIFF;
    }
    if (startsWith(b, 0, 'I', 'I', 43, 0) || startsWith(b, 0, 'M', 'M', 0, 43)) {
      return TIFF; // BigTIFF
    }
    if (startsWith(b, 0, 'R', 'I', 'F', 'F') && startsWith(b, 8, 'W', 'E', 'B', 'P')) {
      return WEBP;
    }
    if (startsWith(b, 4, 'f', 't', 'y', 'p') && b.length >= 12) {
      String brand = new String(b, 8, 4, StandardCharsets.ISO_8859_1);
      return brand.startsWith("avi")
          ? AVIF
          : brand.startsWith("hei") || brand.startsWith("hev") || brand.equals("mif1")
              ? HEIC
              : null;
    }
    return null;
  }

  private static boolean startsWith(byte[] bytes, int offset, int... expected) {
    if (bytes.length < offset + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((bytes[offset + i] & 0xFF) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
