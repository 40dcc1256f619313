package dev.glimpse.image.png;

import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates the <a href="https://www.w3.org/TR/png-3/#10CompressionCM0">filtered rows</a> of a PNG
 * as they are read. Owns native memory until it is closed. Not thread-safe.
 */
final class PngInflater implements AutoCloseable {

  private final ByteBuffer file;
  private final Iterator<PngChunks.Data> rest;
  private final Inflater inflater = new Inflater();

  PngInflater(ByteBuffer file, PngChunks chunks) {
    this.file = file;
    this.rest = chunks.data().iterator();
  }

  /**
   * Fills the first {@code length} bytes of {@code to}.
   *
   * @throws UnreadableImage if there are fewer bytes, or they are corrupt
   */
  void read(byte[] to, int length) throws UnreadableImage {
    read(ByteBuffer.wrap(to, 0, length));
  }

  /**
   * Fills a buffer from its position to its limit.
   *
   * @throws UnreadableImage if there are fewer bytes, or they are corrupt
   */
  void read(ByteBuffer to) throws UnreadableImage {
    try {
      while (to.hasRemaining()) {
        if (inflater.inflate(to) == 0) {
          feed();
        }
      }
    } catch (DataFormatException e) {
      throw new UnreadableImage("corrupt");
    }
  }

  private void feed() throws UnreadableImage {
    if (inflater.needsDictionary()) {
      throw new UnreadableImage("corrupt");
    }
    if (inflater.finished() || !inflater.needsInput() || !rest.hasNext()) {
      throw new UnreadableImage("truncated");
    }
    PngChunks.Data next = rest.next();
    inflater.setInput(file.slice(next.start(), next.length()));
  }

  @Override
  public void close() {
    inflater.end();
  }
}
