package dev.glimpse.image.webp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The <a href="https://www.rfc-editor.org/rfc/rfc9649">chunks</a> of a WebP file, or a frame. */
final class WebpChunks {

  static final int VP8 = name("VP8 ");
  static final int VP8L = name("VP8L");
  static final int VP8X = name("VP8X");
  static final int ALPH = name("ALPH");
  static final int ANMF = name("ANMF");
  static final int EXIF = name("EXIF");

  private static final int RIFF_HEADER = 12;
  private static final int CHUNK_HEADER = 8;

  /**
   * A chunk.
   *
   * @param data where its content begins
   * @param length of its content
   */
  record Chunk(int name, int data, int length) {}

  private final List<Chunk> chunks = new ArrayList<>();
  private final boolean whole;

  private WebpChunks(ByteBuffer in, int at, int end) {
    int next = at;
    while (end - next >= CHUNK_HEADER) {
      long length = Integer.toUnsignedLong(in.getInt(next + 4));
      if (length > end - next - CHUNK_HEADER) {
        break;
      }
      chunks.add(new Chunk(in.getInt(next), next + CHUNK_HEADER, (int) length));
      // Content of odd length is followed by a byte of padding, which writers may forget at the
      // end.
      next += (int) Math.min(end - next, CHUNK_HEADER + length + (length & 1));
    }
    whole = next == end;
  }

  /**
   * The file's chunks, as many as are there in full; what comes after the file is not looked at.
   */
  static WebpChunks of(byte[] bytes) {
    ByteBuffer in = in(bytes);
    long end = CHUNK_HEADER + Integer.toUnsignedLong(in.getInt(4));
    WebpChunks chunks = new WebpChunks(in, RIFF_HEADER, (int) Math.min(end, bytes.length));
    return end > bytes.length ? new WebpChunks(chunks.chunks, false) : chunks;
  }

  private WebpChunks(List<Chunk> chunks, boolean whole) {
    this.chunks.addAll(chunks);
    this.whole = whole;
  }

  /** The chunks of a part of the file. */
  static WebpChunks of(byte[] bytes, int at, int end) {
    return new WebpChunks(in(bytes), at, end);
  }

  /** Whether the last chunk ends where the file does. */
  boolean whole() {
    return whole;
  }

  Optional<Chunk> first(int name) {
    return chunks.stream().filter(chunk -> chunk.name == name).findFirst();
  }

  /** The chunk with the pixels. */
  Optional<Chunk> pixels() {
    return chunks.stream().filter(chunk -> chunk.name == VP8 || chunk.name == VP8L).findFirst();
  }

  /** The bytes as they are read. */
  static ByteBuffer in(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int name(String name) {
    return name.charAt(0) | (name.charAt(1) << 8) | (name.charAt(2) << 16) | (name.charAt(3) << 24);
  }
}
