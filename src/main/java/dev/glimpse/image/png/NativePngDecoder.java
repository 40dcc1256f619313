package dev.glimpse.image.png;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.glimpse.bytes.NativeBlock;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;

/**
 * Decodes what {@link NativePngCodec} matches: inflates all rows into one block of native memory,
 * and makes pixels of them in their place. Bytes after the last pixel are ignored.
 */
final class NativePngDecoder {

  private final PixelMemory memory;

  /** Decodes with files and pixels in this memory. */
  NativePngDecoder(PixelMemory memory) {
    this.memory = memory;
  }

  /**
   * Returns how many bytes all rows have, each with its filter's number.
   *
   * @param samples of a pixel, of a byte each
   */
  static long rows(ImageHeader header, int samples) {
    return (1 + (long) header.width() * samples) * header.height();
  }

  /**
   * Decodes at full size.
   *
   * @param samples of a pixel, 3 or 4
   * @throws UnreadableImage if the file is truncated or corrupt
   */
  Pixels decode(ByteBuffer file, ImageHeader header, int samples) throws UnreadableImage {
    PngChunks chunks = PngChunks.read(file);
    int size = Math.toIntExact(rows(header, samples));
    chunks.require(size);
    NativeBlock block = memory.acquire(size);
    boolean given = false;
    try {
      inflate(file, chunks, block, size);
      unfilter(header, samples, block, size);
      ByteBuffer rgb = toRgb(header, samples, chunks.transparency(), block);
      given = true;
      return new Pixels(header.width(), header.height(), rgb, () -> memory.release(block));
    } finally {
      if (!given) {
        memory.release(block);
      }
    }
  }

  /** Inflates as much as is needed, of a stream that may have more, or a wrong checksum. */
  private void inflate(ByteBuffer file, PngChunks chunks, NativeBlock rows, int size)
      throws UnreadableImage {
    if (Libdeflate.isAvailable() && inflateAll(file, chunks, rows, size)) {
      return;
    }
    try (PngInflater inflater = new PngInflater(file, chunks)) {
      inflater.read(rows.bytes(size));
    }
  }

  /** Returns false if the stream has not exactly these bytes. */
  private boolean inflateAll(ByteBuffer file, PngChunks chunks, NativeBlock rows, int size) {
    PngChunks.Data first = chunks.data().get(0);
    if (file.isDirect() && chunks.data().size() == 1) {
      Pointer stream = Native.getDirectBufferPointer(file).share(first.start());
      return Libdeflate.inflate(stream, first.length(), rows.pointer(), size);
    }
    int length = Math.toIntExact(chunks.stored());
    NativeBlock copy = memory.acquire(length);
    try {
      ByteBuffer stream = copy.bytes(length);
      for (PngChunks.Data part : chunks.data()) {
        stream.put(file.slice(part.start(), part.length()));
      }
      return Libdeflate.inflate(copy.pointer(), length, rows.pointer(), size);
    } finally {
      memory.release(copy);
    }
  }

  private void unfilter(ImageHeader header, int samples, NativeBlock rows, int size)
      throws UnreadableImage {
    int rowBytes = header.width() * samples;
    NativeBlock zeros = memory.acquire(rowBytes);
    try {
      zeros.pointer().clear(rowBytes);
      int result =
          PngLibrary.glimpse_png_unfilter(
              rows.pointer(), size, zeros.pointer(), header.height(), rowBytes, samples);
      if (result != PngLibrary.DONE) {
        throw new UnreadableImage("corrupt, it has an unknown filter");
      }
    } finally {
      memory.release(zeros);
    }
  }

  private static ByteBuffer toRgb(
      ImageHeader header, int samples, byte[] transparency, NativeBlock rows) {
    int pixels = header.width() * header.height();
    if (samples > Pixels.SAMPLES) {
      PngLibrary.glimpse_png_over_white(rows.pointer(), pixels);
    }
    ByteBuffer rgb = rows.bytes(pixels * Pixels.SAMPLES);
    // With alpha there is no transparent colour: such a chunk is ignored.
    if (samples == Pixels.SAMPLES && transparency.length >= 2 * Pixels.SAMPLES) {
      whiten(rgb, transparency);
    }
    return rgb;
  }

  /** Makes pixels of the transparent colour white; it is stored in two bytes per sample. */
  private static void whiten(ByteBuffer rgb, byte[] colour) {
    for (int at = 0; at < rgb.limit(); at += Pixels.SAMPLES) {
      if (rgb.get(at) == colour[1]
          && rgb.get(at + 1) == colour[3]
          && rgb.get(at + 2) == colour[5]) {
        rgb.put(at, (byte) 255).put(at + 1, (byte) 255).put(at + 2, (byte) 255);
      }
    }
  }
}
