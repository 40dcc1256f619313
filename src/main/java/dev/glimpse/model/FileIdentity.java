package dev.glimpse.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Tells a large file from another without reading all of it: its length, and a checksum of sixteen
 * pages, evenly spread from the first byte to the last. A model that was trained anew differs all
 * over; this is no guard against who wants to deceive.
 *
 * @param length in bytes
 * @param checksum the CRC-32 of the pages
 */
record FileIdentity(long length, long checksum) {

  private static final int PAGES = 16;
  private static final int PAGE = 4096;

  /**
   * Looks at a file.
   *
   * @throws IOException if it cannot be read
   */
  static FileIdentity of(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long length = channel.size();
      long last = Math.max(0, length - PAGE);
      CRC32 checksum = new CRC32();
      ByteBuffer page = ByteBuffer.allocate(PAGE);
      for (int i = 0; i < PAGES; i++) {
        page.clear();
        channel.read(page, last * i / (PAGES - 1));
        checksum.update(page.flip());
      }
      return new FileIdentity(length, checksum.getValue());
    }
  }

  /** As it is written down: {@code 8360983-5f3a01bc}. */
  @Override
  public String toString() {
    return "%d-%08x".formatted(length, checksum);
  }
}
