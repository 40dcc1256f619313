package dev.glimpse.image.png;

import dev.glimpse.image.UnreadableImage;
import java.util.Iterator;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates the <a href="https://www.w3.org/TR/png-3/#10CompressionCM0">filtered rows</a> of a PNG
 * as they are read. Owns native memory until it is closed. Not thread-safe.
 */
final class PngInflater implements AutoCloseable {

  /** The most bytes that one byte of deflate can become. */
  private static final int LARGEST_RATIO = 1032;

  private final byte[] bytes;
  private final PngChunks chunks;
  private final Iterator<PngChunks.Data> rest;
  private final Inflater inflater = new Inflater();

  PngInflater(byte[] bytes, PngChunks chunks) {
    this.bytes = bytes;
    this.chunks = chunks;
    this.rest = chunks.data().iterator();
  }

  /**
   * Refuses a file that cannot hold this much data, before memory is allocated for it.
   *
   * @param length how many bytes will be read
   */
  void require(long length) throws UnreadableImage {
    long stored = chunks.data().stream().mapToLong(PngChunks.Data::length).sum();
    if (length > stored * LARGEST_RATIO) {
      throw new UnreadableImage("truncated");
    }
  }

  /**
   * Fills the first {@code length} bytes of {@code to}.
   *
   * @throws UnreadableImage if there are fewer bytes, or they are corrupt
   */
  void read(byte[] to, int length) throws UnreadableImage {
    try {
      for (int done = 0; done < length; ) {
        int more = inflater.inflate(to, done, length - done);
        done += more;
        if (more == 0) {
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
    inflater.setInput(bytes, next.start(), next.length());
  }

  @Override
  public void close() {
    inflater.end();
  }
}
