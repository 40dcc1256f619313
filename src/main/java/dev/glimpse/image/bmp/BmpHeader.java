package dev.glimpse.image.bmp;

import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * Holds the <a href="https://learn.microsoft.com/windows/win32/gdi/bitmap-header-types">header</a>
 * of a BMP file, of Windows or of OS/2.
 *
 * @param bits per pixel: 1, 4, 8, 16, 24 or 32
 * @param compression 0 none, 1 RLE8, 2 RLE4, 3 none but with masks
 * @param topDown whether the first stored row is the top one
 * @param colours number of colours in the palette; meaningless above 8 bits
 * @param paletteAt offset of the palette
 * @param paletteStep bytes per colour of the palette
 * @param data offset of the pixels
 * @param masks which bits of a pixel are red, green, blue and alpha
 */
record BmpHeader(
    int bits,
    int compression,
    boolean topDown,
    int colours,
    int paletteAt,
    int paletteStep,
    int data,
    Masks masks) {

  static final int RLE8 = 1;
  static final int RLE4 = 2;
  private static final int MASKS = 3;

  private static final int START = 14;
  private static final int OS2 = 12;
  private static final Set<Integer> SIZES = Set.of(OS2, 40, 52, 56, 64, 108, 124);
  private static final Set<Integer> BITS = Set.of(1, 4, 8, 16, 24, 32);

  /** Says which bits of a pixel are red, green, blue and alpha; without alpha bits it is opaque. */
  record Masks(int red, int green, int blue, int alpha) {

    static final Masks RGB555 = new Masks(0x7C00, 0x3E0, 0x1F, 0);
    private static final Masks RGB565 = new Masks(0xF800, 0x7E0, 0x1F, 0);
    private static final Masks BGR = new Masks(0xFF0000, 0xFF00, 0xFF, 0);
    private static final Masks BGRA = new Masks(0xFF0000, 0xFF00, 0xFF, 0xFF000000);

    /** The masks of 32 bits that Pillow accepts. */
    private static final Set<Masks> WIDE =
        Set.of(
            BGR,
            BGRA,
            new Masks(0xFF000000, 0xFF0000, 0xFF00, 0),
            new Masks(0xFF000000, 0xFF00, 0xFF, 0),
            new Masks(0xFF000000, 0xFF0000, 0xFF00, 0xFF),
            new Masks(0xFF, 0xFF00, 0xFF0000, 0xFF000000),
            new Masks(0xFF000000, 0xFF00, 0xFF, 0xFF0000));

    private Masks checked(int bits) throws UnreadableImage {
      Masks opaque = new Masks(red, green, blue, 0);
      if (bits == 32 && WIDE.contains(this)) {
        return this;
      }
      if (bits == 32 && equals(new Masks(0, 0, 0, 0))) {
        return BGRA;
      }
      if ((bits == 24 && opaque.equals(BGR))
          || (bits == 16 && (opaque.equals(RGB555) || opaque.equals(RGB565)))) {
        return opaque;
      }
      throw new UnreadableImage("corrupt, or its colour masks are not supported");
    }
  }

  /**
   * Reads the header.
   *
   * @throws UnreadableImage if Pillow refuses it too
   * @throws IndexOutOfBoundsException if the file ends before the header does
   */
  static BmpHeader read(byte[] bytes) throws UnreadableImage {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int data = in.getInt(10);
    int size = in.getInt(START);
    if (!SIZES.contains(size)) {
      throw new UnreadableImage("corrupt, or its kind of header is not supported");
    }
    boolean os2 = size == OS2;
    int bits = Short.toUnsignedInt(in.getShort(START + (os2 ? 10 : 14)));
    int compression = os2 ? 0 : in.getInt(START + 16);
    if (!BITS.contains(bits) || !fits(compression, bits)) {
      throw new UnreadableImage("corrupt, or its pixel format is not supported");
    }
    int end = START + size;
    Masks masks = bits == 16 ? Masks.RGB555 : Masks.BGR;
    if (compression == MASKS) {
      int alpha = size >= 56 ? in.getInt(START + 52) : 0;
      masks = new Masks(in.getInt(54), in.getInt(58), in.getInt(62), alpha).checked(bits);
      end += size == 40 ? 12 : 0;
    }
    int named = os2 ? 0 : in.getInt(START + 32);
    int colours = named == 0 && bits <= 8 ? 1 << bits : named;
    int step = os2 ? 3 : 4;
    if (bits <= 8) {
      if (colours < 0 || colours > 256) {
        throw new UnreadableImage("corrupt, its palette is invalid");
      }
      // Some writers give the palette's offset, or none, as that of the pixels.
      if (data == START + size || data == 0) {
        data = end + colours * step;
      }
    } else if (data == 0) {
      data = end;
    }
    boolean topDown = !os2 && in.getInt(START + 8) < 0;
    return new BmpHeader(bits, compression, topDown, colours, end, step, data, masks);
  }

  private static boolean fits(int compression, int bits) {
    return switch (compression) {
      case 0 -> true;
      case RLE8 -> bits == 8;
      case RLE4 -> bits == 4;
      case MASKS -> bits > 8;
      default -> false;
    };
  }
}
