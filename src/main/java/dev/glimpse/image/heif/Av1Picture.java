package dev.glimpse.image.heif;

import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the units (OBUs) of <a href="https://aomediacodec.github.io/av1-spec/">AV1</a> before a
 * decoder sees them. Keeps the sequence headers and the only frame, and drops the rest.
 */
final class Av1Picture {

  private static final int RECORD = 4;

  private static final int SEQUENCE_HEADER = 1;
  private static final int FRAME_HEADER = 3;
  private static final int TILE_GROUP = 4;
  private static final int FRAME = 6;

  private static final int MAX_SEQUENCE_HEADERS = 16;

  private final HeifImage.Item item;
  private final int depth;
  private final List<ByteBuffer> units = new ArrayList<>();
  private @Nullable Av1Sequence sequence;
  private int sequences;
  private boolean hasFrame;

  private Av1Picture(HeifImage.Item item, int depth) {
    this.item = item;
    this.depth = depth;
  }

  /** Tells how many bits a sample has, by {@code av1C}. */
  static int depth(ByteBuffer av1C) {
    int flags = av1C.get(2);
    return (flags & 0x40) == 0 ? 8 : (flags & 0x20) == 0 ? 10 : 12;
  }

  /**
   * Reads an item, but for the picture's own data.
   *
   * @param av1C content of the property that configures the decoder
   * @param data of the item
   * @throws UnreadableImage if the picture has another size than the item, more bits per sample
   *     than the property says, or is not a single intra picture
   */
  static Coded read(HeifImage.Item item, ByteBuffer av1C, ByteBuffer data) throws UnreadableImage {
    Av1Picture picture = new Av1Picture(item, depth(av1C));
    picture.readUnits(av1C.slice(RECORD, av1C.limit() - RECORD), true);
    if (picture.hasFrame) {
      throw new UnreadableImage("corrupt");
    }
    picture.readUnits(data.slice(), false);
    if (!picture.hasFrame) {
      throw new UnreadableImage("it has no coded image");
    }
    return new Coded(item, av1C.slice(0, RECORD), picture.units);
  }

  private void readUnits(ByteBuffer in, boolean sized) throws UnreadableImage {
    while (in.hasRemaining()) {
      int start = in.position();
      int header = in.get();
      if ((header & 4) != 0) {
        in.get(); // layers
      }
      boolean hasSize = (header & 2) != 0;
      if (sized && !hasSize) {
        throw new UnreadableImage("corrupt");
      }
      long size = hasSize ? size(in) : in.remaining();
      if (size > in.remaining()) {
        throw new UnreadableImage("truncated");
      }
      int end = in.position() + (int) size;
      if (add(header >> 3 & 15, in.slice(in.position(), (int) size))) {
        units.add(in.slice(start, end - start));
      }
      in.position(end);
    }
  }

  /** Reads a number in LEB128, of at most 4 bytes here. */
  private static long size(ByteBuffer in) {
    long size = 0;
    for (int i = 0; i < 8; i++) {
      int next = in.get();
      size |= (next & 0x7FL) << (7 * i);
      if (next >= 0) {
        break;
      }
    }
    return size;
  }

  private boolean add(int type, ByteBuffer unit) throws UnreadableImage {
    switch (type) {
      case SEQUENCE_HEADER -> {
        sequence = Av1Sequence.of(unit);
        require(sequence);
      }
      case FRAME_HEADER, FRAME -> {
        if (hasFrame) {
          throw UnsupportedHeif.of(item.kind().name(), "with several frames or layers");
        }
        if (sequence == null) {
          throw new UnreadableImage("its coded image has no header");
        }
        sequence.requirePlainFrame(unit, item.kind().name());
        hasFrame = true;
      }
      default -> {
        return type == TILE_GROUP;
      }
    }
    return true;
  }

  private void require(Av1Sequence header) throws UnreadableImage {
    if (++sequences > MAX_SEQUENCE_HEADERS) {
      throw new UnreadableImage("it has more parameter sets than any encoder writes");
    }
    if (header.width() != item.width() || header.height() != item.height()) {
      throw item.otherSize(header.width(), header.height());
    }
    if (header.depth() > depth) {
      throw new UnreadableImage("it has more bits per sample than its header says");
    }
  }
}
