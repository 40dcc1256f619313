package dev.glimpse.image.heif;

import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks the NAL units of <a href="https://www.itu.int/rec/T-REC-H.265">HEVC</a> before a decoder
 * sees them. Keeps the parameter sets and the slices of the first picture, and drops the rest.
 */
final class HevcPicture {

  private static final int RECORD = 22;
  private static final int LENGTH_SIZE = 21;
  private static final int DEPTH = 17;

  private static final int FIRST_INTRA = 16;
  private static final int LAST_INTRA = 21;
  private static final int LAST_PICTURE = 31;
  private static final int VPS = 32;
  private static final int SPS = 33;
  private static final int PPS = 34;

  /** The pixels that a coded picture may have beyond its right and lower edge. */
  private static final int MAX_PADDING = 128;

  private static final int MAX_PARAMETER_SETS = 64;

  /** A slice may be decoded to the end of the picture, and then another one over it. */
  private static final int USUAL_SLICES = 4;

  /** How many pixels all slices of an image may cost, unless there are few. */
  private static final long MAX_SLICED = 400_000_000;

  private final HeifImage.Item item;
  private final int depth;
  private final long mostSlices;
  private final List<ByteBuffer> units = new ArrayList<>();
  private int parameterSets;
  private int slices;
  private boolean complete;

  private HevcPicture(HeifImage.Item item, int depth, long mostSlices) {
    this.item = item;
    this.depth = depth;
    this.mostSlices = Math.max(USUAL_SLICES, mostSlices);
  }

  /** Tells how many bits a sample has, by {@code hvcC}. */
  static int depth(ByteBuffer hvcC) {
    return 8 + (hvcC.get(DEPTH) & 7);
  }

  /**
   * Reads an item, but for the picture's own data.
   *
   * @param hvcC content of the property that configures the decoder
   * @param data of the item
   * @param pixels of all coded images of the file, which bounds what each may cost
   * @throws UnreadableImage if the picture has another size than the item, more bits per sample
   *     than the property says, or is not a single intra picture
   */
  static Coded read(HeifImage.Item item, ByteBuffer hvcC, ByteBuffer data, long pixels)
      throws UnreadableImage {
    HevcPicture picture = new HevcPicture(item, depth(hvcC), MAX_SLICED / pixels);
    picture.readParameterSets(hvcC);
    picture.readUnits(data, 1 + (hvcC.get(LENGTH_SIZE) & 3));
    if (picture.slices == 0) {
      throw new UnreadableImage("it has no coded image");
    }
    ByteBuffer bare = ByteBuffer.allocate(RECORD + 1);
    bare.put(hvcC.slice(0, RECORD)).put((byte) 0).flip();
    bare.put(LENGTH_SIZE, (byte) (hvcC.get(LENGTH_SIZE) | 3)); // lengths have 4 bytes
    return new Coded(item, bare, picture.framed());
  }

  private void readParameterSets(ByteBuffer hvcC) throws UnreadableImage {
    ByteBuffer in = hvcC.slice().position(RECORD);
    for (int arrays = in.get() & 0xFF; arrays > 0; arrays--) {
      in.get();
      for (int count = Short.toUnsignedInt(in.getShort()); count > 0; count--) {
        int length = Short.toUnsignedInt(in.getShort());
        add(in.slice(in.position(), length));
        in.position(in.position() + length);
      }
    }
    if (slices > 0) {
      throw new UnreadableImage("corrupt");
    }
  }

  private void readUnits(ByteBuffer data, int lengthSize) throws UnreadableImage {
    ByteBuffer in = data.slice();
    while (in.remaining() > lengthSize && !complete) {
      long length = new Bits(in).read(8 * lengthSize);
      in.position(in.position() + lengthSize);
      if (length > in.remaining()) {
        throw new UnreadableImage("truncated");
      }
      add(in.slice(in.position(), (int) length));
      in.position(in.position() + (int) length);
    }
  }

  private void add(ByteBuffer nal) throws UnreadableImage {
    if (nal.limit() < 3) {
      return;
    }
    int type = nal.get(0) >> 1 & 0x3F;
    int layer = ((nal.get(0) & 1) << 5) | ((nal.get(1) >> 3) & 0x1F);
    if (layer > 0) {
      return; // such as the second eye of a stereo image
    }
    if (type <= LAST_PICTURE) {
      addSlice(nal, type);
    } else if (type == VPS || type == SPS || type == PPS) {
      if (type == SPS) {
        HevcParameters sps = HevcParameters.read(nal.slice().position(2));
        requireSize(sps);
        sps.requireBlocks();
      }
      if (++parameterSets > MAX_PARAMETER_SETS) {
        throw new UnreadableImage("it has more parameter sets than any encoder writes");
      }
      units.add(nal);
    }
  }

  private void addSlice(ByteBuffer nal, int type) throws UnreadableImage {
    if (type < FIRST_INTRA || type > LAST_INTRA) {
      throw new UnreadableImage("it is coded as a part of a video");
    }
    if (nal.get(2) < 0 && slices > 0) { // first_slice_segment_in_pic_flag
      complete = true; // what follows are more pictures
      return;
    }
    slices++;
    if (slices > mostSlices) {
      throw new UnreadableImage("it has more slices than any encoder writes");
    }
    units.add(nal);
  }

  private void requireSize(HevcParameters sps) throws UnreadableImage {
    if (sps.shownWidth() != item.width() || sps.shownHeight() != item.height()) {
      throw item.otherSize(sps.shownWidth(), sps.shownHeight());
    }
    if (sps.width() - sps.shownWidth() >= MAX_PADDING
        || sps.height() - sps.shownHeight() >= MAX_PADDING) {
      throw item.otherSize(sps.width(), sps.height());
    }
    if (sps.depth() > depth) {
      throw new UnreadableImage("it has more bits per sample than its header says");
    }
  }

  /** Returns the units with a length of 4 bytes before each. */
  private List<ByteBuffer> framed() {
    List<ByteBuffer> framed = new ArrayList<>();
    for (ByteBuffer unit : units) {
      framed.add(ByteBuffer.allocate(4).putInt(0, unit.limit()));
      framed.add(unit);
    }
    return framed;
  }
}
