package dev.glimpse.api.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip, or deflate with or without the zlib header that some clients leave out. Unlike
 * the JDK's stream it does not recurse on empty gzip members, of which a client may send any
 * number.
 */
final class InflatedStream extends InputStream {

  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final byte[] packed;
  private final boolean gzip;
  private final Inflater inflater;
  private final CRC32 crc = new CRC32();
  private boolean ended;

  private InflatedStream(byte[] packed, boolean gzip, boolean raw) {
    this.packed = packed;
    this.gzip = gzip;
    this.inflater = new Inflater(raw);
  }

  /** Opens a body in gzip, of one or more members. */
  static InflatedStream gzip(byte[] packed) throws IOException {
    InflatedStream stream = new InflatedStream(packed, true, true);
    try {
      stream.begin(stream.endOfHeader(0));
      return stream;
    } catch (IOException e) {
      stream.close(); // the inflater's memory is native
      throw e;
    }
  }

  /** Opens a body in deflate, with a zlib header or without. */
  static InflatedStream deflate(byte[] packed) {
    boolean zlib =
        packed.length >= 2
            && (packed[0] & 0x0F) == 8
            && (((packed[0] & 0xFF) << 8) | (packed[1] & 0xFF)) % 31 == 0;
    InflatedStream stream = new InflatedStream(packed, false, !zlib);
    stream.begin(0);
    return stream;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    while (!ended && length > 0) {
      int count = inflate(to, offset, length);
      if (count > 0) {
        crc.update(to, offset, count);
        return count;
      }
      if (inflater.finished()) {
        nextMember();
      } else {
        throw new EOFException("truncated, or in need of a dictionary");
      }
    }
    return ended ? -1 : 0;
  }

  private int inflate(byte[] to, int offset, int length) throws IOException {
    try {
      return inflater.inflate(to, offset, length);
    } catch (DataFormatException e) {
      throw new IOException("corrupt", e);
    }
  }

  private void begin(int at) {
    inflater.reset();
    inflater.setInput(packed, at, packed.length - at);
    crc.reset();
  }

  /** Goes on with the next gzip member; what follows the last is ignored, as the JDK does. */
  private void nextMember() throws IOException {
    int trailer = packed.length - inflater.getRemaining();
    if (!gzip) {
      ended = true;
      return;
    }
    if (trailer + TRAILER_BYTES > packed.length
        || littleEndian(trailer) != crc.getValue()
        || littleEndian(trailer + 4) != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
      throw new IOException("corrupt trailer");
    }
    int next = trailer + TRAILER_BYTES;
    ended = !isHeader(next);
    if (!ended) {
      begin(endOfHeader(next));
    }
  }

  private boolean isHeader(int at) {
    return packed.length - at >= HEADER_BYTES
        && (packed[at] & 0xFF) == 0x1F
        && (packed[at + 1] & 0xFF) == 0x8B
        && packed[at + 2] == 8;
  }

  private int endOfHeader(int begin) throws IOException {
    if (!isHeader(begin)) {
      throw new IOException("no gzip header");
    }
    int flags = packed[begin + 3];
    int at = begin + HEADER_BYTES;
    if ((flags & EXTRA) != 0) {
      require(at + 2);
      at += 2 + ((packed[at] & 0xFF) | ((packed[at + 1] & 0xFF) << 8));
    }
    for (int texts = Integer.bitCount(flags & (NAME | COMMENT)); texts > 0; texts--) {
      do {
        require(at + 1);
      } while (packed[at++] != 0);
    }
    at += (flags & HEADER_CRC) != 0 ? 2 : 0;
    require(at);
    return at;
  }

  private void require(int length) throws IOException {
    if (length > packed.length) {
      throw new EOFException("truncated header");
    }
  }

  private long littleEndian(int at) {
    return (packed[at] & 0xFFL)
        | (packed[at + 1] & 0xFFL) << 8
        | (packed[at + 2] & 0xFFL) << 16
        | (packed[at + 3] & 0xFFL) << 24;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
