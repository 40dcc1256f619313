package dev.glimpse.image;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** The <a href="https://www.w3.org/TR/png-3/#5DataRep">chunks</a> of a PNG file. */
final class PngChunks {

  private static final int SIGNATURE = 8;
  private static final int IEND = 0x49454E44;

  private PngChunks() {}

  /**
   * Checks that the chunks follow each other to the end and that their checksums are right. ImageIO
   * does not look at checksums, and a flipped bit would go unseen.
   */
  static void verify(byte[] bytes) throws UnreadableImage {
    ByteBuffer in = ByteBuffer.wrap(bytes).position(SIGNATURE);
    CRC32 crc = new CRC32();
    while (in.remaining() >= 12) {
      int length = in.getInt();
      if (length < 0 || length > in.remaining() - 8) {
        throw new UnreadableImage("truncated");
      }
      crc.reset();
      crc.update(bytes, in.position(), length + 4);
      int type = in.getInt();
      in.position(in.position() + length);
      // Bit 5 of the first letter marks a chunk that a reader may ignore, right or wrong.
      boolean critical = (type & 0x20000000) == 0;
      if (in.getInt() != (int) crc.getValue() && critical) {
        throw new UnreadableImage("corrupt, a checksum is wrong");
      }
      if (type == IEND) {
        return;
      }
    }
    throw new UnreadableImage("truncated");
  }
}
