package dev.glimpse.image.jpeg;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.glimpse.bytes.NativeBlock;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Part;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Window;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decodes a part of a JPEG, to the same pixels as {@link TurboJpegDecoder} decodes the whole.
 * Huffman codes are read to the end of the file all the same, so it saves from 6 to 25 % of the
 * time for the part that most models see; and it saves the memory of the rest.
 */
final class PartialJpeg {

  /** A part that takes more of the whole image's memory does not pay. */
  private static final double LARGEST = 0.9;

  /** With shorter sides two scales give the same size, and TurboJPEG takes the other one. */
  private static final int SHORTEST_SIDE = 16;

  /** Pixels on each side that the colours next to the part are made of, and some more. */
  private static final int MARGIN = 4;

  /** The library begins at a multiple of at most so many columns. */
  private static final int MOST_ALIGNMENT = 16;

  private final ByteBuffer file;
  private final ImageHeader header;
  private final int eighths;

  private PartialJpeg(ByteBuffer file, ImageHeader header, int eighths) {
    this.file = file;
    this.header = header;
    this.eighths = eighths;
  }

  /**
   * Returns a file of which a part can be decoded: in one scan, with colours that are stored as
   * those of most photos are.
   */
  static Optional<PartialJpeg> of(ByteBuffer file, ImageHeader header, int eighths) {
    boolean suits =
        Math.min(header.width(), header.height()) >= SHORTEST_SIDE
            && new JpegSegments(file).isUsualColourPhoto()
            && JpegLibrary.isAvailable();
    return suits ? Optional.of(new PartialJpeg(file, header, eighths)) : Optional.empty();
  }

  /**
   * Decodes at least a part.
   *
   * @param width of the decoded image, in pixels
   * @param height of the decoded image, in pixels
   * @return empty if the whole image has to be decoded: the part is most of it, or libjpeg-turbo
   *     has an error or a warning for the file
   */
  Optional<Pixels> decode(int width, int height, Part part, PixelMemory memory) {
    Window wanted = withMargin(part.of(width, height), width, height);
    // One row more, into which the last row of the image is decoded.
    long bytes = (wanted.width() + (long) MOST_ALIGNMENT) * (wanted.height() + 1L) * Pixels.SAMPLES;
    if (bytes > LARGEST * width * height * Pixels.SAMPLES) {
      return Optional.empty();
    }
    long[] job = {
      header.width(),
      header.height(),
      eighths,
      wanted.x(),
      wanted.y(),
      wanted.width(),
      wanted.height(),
      bytes,
      0,
      0
    };
    NativeBlock samples = memory.acquire(bytes);
    boolean decoded = false;
    try {
      decoded = decode(job, samples, memory);
    } finally {
      if (!decoded) {
        memory.release(samples);
      }
    }
    if (!decoded) {
      return Optional.empty();
    }
    Window written = new Window((int) job[8], wanted.y(), (int) job[9], wanted.height());
    int length = written.width() * written.height() * Pixels.SAMPLES;
    return Optional.of(
        Pixels.ofPart(
            width, height, written, samples.bytes(length), () -> memory.release(samples)));
  }

  private boolean decode(long[] job, NativeBlock samples, PixelMemory memory) {
    if (file.isDirect()) {
      return decode(job, Native.getDirectBufferPointer(file), samples);
    }
    NativeBlock copy = memory.acquire(file.limit());
    try {
      copy.bytes(file.limit()).put(file.duplicate());
      return decode(job, copy.pointer(), samples);
    } finally {
      memory.release(copy);
    }
  }

  private boolean decode(long[] job, Pointer jpeg, NativeBlock samples) {
    return JpegLibrary.glimpse_jpeg_decode(job, jpeg, file.limit(), samples.pointer())
        == JpegLibrary.DECODED;
  }

  private static Window withMargin(Window part, int width, int height) {
    int left = Math.max(0, part.x() - MARGIN);
    int top = Math.max(0, part.y() - MARGIN);
    int right = Math.min(width, part.x() + part.width() + MARGIN);
    int bottom = Math.min(height, part.y() + part.height() + MARGIN);
    return new Window(left, top, right - left, bottom - top);
  }
}
