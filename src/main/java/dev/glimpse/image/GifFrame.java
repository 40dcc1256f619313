package dev.glimpse.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first picture of a <a href="https://www.w3.org/Graphics/GIF/spec-gif89a.txt">GIF</a>, and the
 * screen it lies on.
 *
 * @param width of the screen in pixels, made larger where the picture reaches over its edge
 * @param height of the screen likewise
 * @param left where the picture begins on the screen
 * @param top where the picture begins on the screen
 * @param columns the picture's width
 * @param rows the picture's height
 * @param interlaced whether its rows are stored in four passes
 * @param palette red, green and blue of each colour; empty if there is none
 * @param clear the index that is transparent; -1 if none is
 * @param data where the picture's data begins, with the size of its codes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GifFrame(
    int width,
    int height,
    int left,
    int top,
    int columns,
    int rows,
    boolean interlaced,
    byte[] palette,
    int clear,
    int data) {

  private static final int VERSION_87A = 0x383761;
  private static final int VERSION_89A = 0x383961;
  private static final int HAS_PALETTE = 0x80;
  private static final int INTERLACED = 0x40;
  private static final int GRAPHIC_CONTROL = 0xF9;

  /**
   * Walks over what comes before the first picture's data.
   *
   * @throws BufferUnderflowException if the file ends before
   * @throws IllegalArgumentException if it is no GIF, or has no picture
   */
  static GifFrame read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    in.position(3);
    int version = (in.get() << 16) | (in.get() << 8) | in.get();
    if (version != VERSION_87A && version != VERSION_89A) {
      throw new IllegalArgumentException("Neither GIF87a nor GIF89a");
    }
    int width = Short.toUnsignedInt(in.getShort());
    int height = Short.toUnsignedInt(in.getShort());
    int flags = in.get();
    in.getShort(); // background and shape of the pixels, which nobody heeds
    byte[] palette = palette(in, flags);
    int clear = -1;
    while (true) {
      switch (in.get()) {
        case '!' -> clear = extension(in, clear);
        case ',' -> {
          int left = Short.toUnsignedInt(in.getShort());
          int top = Short.toUnsignedInt(in.getShort());
          int columns = Short.toUnsignedInt(in.getShort());
          int rows = Short.toUnsignedInt(in.getShort());
          int picture = in.get();
          return new GifFrame(
              Math.max(width, left + columns),
              Math.max(height, top + rows),
              left,
              top,
              columns,
              rows,
              (picture & INTERLACED) != 0,
              (picture & HAS_PALETTE) != 0 ? palette(in, picture) : palette,
              clear,
              in.position());
        }
        case ';' -> throw new IllegalArgumentException("No picture");
        default -> {} // stray bytes between the blocks, as Pillow skips them
      }
    }
  }

  private static byte[] palette(ByteBuffer in, int flags) {
    byte[] palette = new byte[(flags & HAS_PALETTE) != 0 ? 3 << ((flags & 7) + 1) : 0];
    in.get(palette);
    return palette;
  }

  /** Reads the transparent index out of an extension that has one, and skips all others. */
  private static int extension(ByteBuffer in, int clear) {
    int found = clear;
    boolean control = (in.get() & 0xFF) == GRAPHIC_CONTROL;
    for (int size = in.get() & 0xFF; size > 0; size = in.get() & 0xFF) {
      if (control && size >= 4 && (in.get(in.position()) & 1) != 0) {
        found = in.get(in.position() + 3) & 0xFF;
      }
      control = false;
      if (size > in.remaining()) {
        throw new BufferUnderflowException();
      }
      in.position(in.position() + size);
    }
    return found;
  }

  /**
   * The colours, as they look on white. Without a palette, and with one in which every colour is
   * the grey of its own index, all 256 indices are greys.
   */
  Palette colours() {
    Palette colours = new Palette();
    boolean grey = true;
    for (int i = 0; i < palette.length; i += 3) {
      int red = palette[i] & 0xFF;
      int green = palette[i + 1] & 0xFF;
      int blue = palette[i + 2] & 0xFF;
      grey &= red == i / 3 && green == red && blue == red;
      colours.set(i / 3, red, green, blue, 255);
    }
    Palette shown = grey ? Palette.grey() : colours;
    if (clear >= 0) {
      shown.clear(clear);
    }
    return shown;
  }
}
