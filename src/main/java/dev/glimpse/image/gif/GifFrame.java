package dev.glimpse.image.gif;

import dev.glimpse.image.Palette;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Describes the first frame of a <a href="https://www.w3.org/Graphics/GIF/spec-gif89a.txt">GIF</a>,
 * and the logical screen on which it lies.
 *
 * @param width of the screen in pixels, enlarged where the frame reaches beyond its edge
 * @param height of the screen in pixels, enlarged where the frame reaches beyond its edge
 * @param left the frame's first column on the screen
 * @param top the frame's first row on the screen
 * @param columns the frame's width in pixels
 * @param rows the frame's height in pixels
 * @param interlaced whether the rows are stored in four passes
 * @param palette red, green and blue of each colour; empty if absent
 * @param transparent the index that is transparent; −1 if absent
 * @param data offset of the frame's data, which begin with the size of the codes
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
    int transparent,
    int data) {

  private static final int VERSION_87A = 0x383761;
  private static final int VERSION_89A = 0x383961;
  private static final int HAS_PALETTE = 0x80;
  private static final int INTERLACED = 0x40;
  private static final int GRAPHIC_CONTROL = 0xF9;

  /**
   * Reads all blocks before the first frame's data.
   *
   * @throws BufferUnderflowException if the file ends before the frame's data
   * @throws IllegalArgumentException if it is not a GIF, or has no frame
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
    in.getShort(); // background colour and pixel aspect ratio, which decoders ignore
    byte[] palette = palette(in, flags);
    int transparent = -1;
    while (true) {
      switch (in.get()) {
        case '!' -> transparent = extension(in, transparent);
        case ',' -> {
          int left = Short.toUnsignedInt(in.getShort());
          int top = Short.toUnsignedInt(in.getShort());
          int columns = Short.toUnsignedInt(in.getShort());
          int rows = Short.toUnsignedInt(in.getShort());
          int frameFlags = in.get();
          return new GifFrame(
              Math.max(width, left + columns),
              Math.max(height, top + rows),
              left,
              top,
              columns,
              rows,
              (frameFlags & INTERLACED) != 0,
              (frameFlags & HAS_PALETTE) != 0 ? palette(in, frameFlags) : palette,
              transparent,
              in.position());
        }
        case ';' -> throw new IllegalArgumentException("No frame");
        default -> {} // stray bytes between the blocks, as Pillow skips them
      }
    }
  }

  private static byte[] palette(ByteBuffer in, int flags) {
    byte[] palette = new byte[(flags & HAS_PALETTE) != 0 ? 3 << ((flags & 7) + 1) : 0];
    in.get(palette);
    return palette;
  }

  /** Skips an extension; returns its transparent index if it has one, otherwise the known one. */
  private static int extension(ByteBuffer in, int known) {
    int found = known;
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
   * Returns the colours, laid over white. Without a palette, or with one in which every colour is
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
    if (transparent >= 0) {
      shown.clear(transparent);
    }
    return shown;
  }
}
