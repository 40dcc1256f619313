package dev.glimpse.image.webp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lists the <a href="https://www.rfc-editor.org/rfc/rfc9649">chunks</a> of a WebP file or frame.
 */
final class WebpChunks {

  static final int VP8 = name("VP8 ");
  static final int VP8L = name("VP8L");
  static final int VP8X = name("VP8X");
  static final int ALPH = name("ALPH");
  static final int ANMF = name("ANMF");
  static final int EXIF = name("EXIF");

  private static final int RIFF_HEADER = 12;
  private static final int CHUNK_HEADER = 8;

  /** More than the frames of a long animation; each takes several times its 8 bytes in the file. */
  private static final int MAX_CHUNKS = 1 << 16;

  /**
   * Locates a chunk.
   *
   * @param name its four letters, the first in the lowest byte
   * @param data offset of its content
   * @param length of its content in bytes
   */
  record Chunk(int name, int data, int length) {}

  private final List<Chunk> chunks = new ArrayList<>();
  private final boolean complete;

  private WebpChunks(ByteBuffer in, int at, int end) {
    int next = at;
    while (end - next >= CHUNK_HEADER) {
      long length = Integer.toUnsignedLong(in.getInt(next + 4));
      if (length > end - next - CHUNK_HEADER) {
        break;
      }
      if (chunks.size() == MAX_CHUNKS) {
        throw new IllegalArgumentException("More chunks than any encoder writes");
      }
      chunks.add(new Chunk(in.getInt(next), next + CHUNK_HEADER, (int) length));
      // Content of odd length is followed by a byte of padding, which writers may forget at the
      // end.
      next += (int) Math.min(end - next, CHUNK_HEADER + length + (length & 1));
    }
    complete = next == end;
  }

  /** Lists the file's complete chunks; ignores bytes after the length that the file says. */
  static WebpChunks of(ByteBuffer bytes) {
    ByteBuffer in = in(bytes);
    long end = CHUNK_HEADER + Integer.toUnsignedLong(in.getInt(4));
    WebpChunks chunks = new WebpChunks(in, RIFF_HEADER, (int) Math.min(end, bytes.limit()));
    return end > bytes.limit() ? new WebpChunks(chunks.chunks, false) : chunks;
  }

  private WebpChunks(List<Chunk> chunks, boolean complete) {
    this.chunks.addAll(chunks);
    this.complete = complete;
  }

  /** Lists the complete chunks from offset {@code at} to {@code end}. */
  static WebpChunks of(ByteBuffer bytes, int at, int end) {
    return new WebpChunks(in(bytes), at, end);
  }

  /** Tells whether the last chunk ends where the file does: nothing is missing. */
  boolean isComplete() {
    return complete;
  }

  /** Finds the first chunk of this name. */
  Optional<Chunk> first(int name) {
    return chunks.stream().filter(chunk -> chunk.name == name).findFirst();
  }

  /** Finds the chunk with the pixels. */
  Optional<Chunk> pixels() {
    return chunks.stream().filter(chunk -> chunk.name == VP8 || chunk.name == VP8L).findFirst();
  }

  /** Returns a view of the bytes, in the format's byte order. */
  static ByteBuffer in(ByteBuffer bytes) {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int name(String name) {
    return name.charAt(0) | (name.charAt(1) << 8) | (name.charAt(2) << 16) | (name.charAt(3) << 24);
  }
}
