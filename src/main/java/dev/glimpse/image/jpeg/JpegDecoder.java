package dev.glimpse.image.jpeg;

import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Part;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;

/** Decodes JPEGs with one library. Stateless; any thread may call it. */
interface JpegDecoder {

  /** Names the library, for operators. */
  String name();

  /** Tells whether it decodes on the Java heap, as {@link JpegCodec} documents. */
  default boolean decodesOnHeap() {
    return true;
  }

  /** Estimates the memory that {@link #decode} takes, in bytes, as {@link JpegCodec} documents. */
  long estimateBytes(ByteBuffer file, ImageHeader header, double scale);

  /** Decodes a file, as {@link JpegCodec} documents. */
  Pixels decode(ByteBuffer file, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage;

  /** Decodes at least a part of a file, as {@link JpegCodec} documents. */
  default Pixels decodePart(
      ByteBuffer file, ImageHeader header, double scale, Part part, PixelMemory memory)
      throws UnreadableImage {
    return decode(file, header, scale, memory);
  }
}
