package dev.glimpse.image.heif;

import dev.glimpse.image.UnreadableImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a file's {@code meta} box says about its items: their types, properties, references
 * and places. Decodes nothing. For one thread at a time.
 */
final class HeifItems {

  /** The most references of one item: more than any encoder writes. */
  private static final int MAX_LIST = 10_000;

  /** The most properties of one item; encoders write six. */
  private static final int MAX_PROPERTIES = 64;

  /** The most references, properties or extents of all items together. */
  private static final int MAX_ENTRIES = 200_000;

  /** Pieces of an item's data; encoders write one. */
  private static final int MAX_EXTENTS = 64;

  private static final int AUXILIARY = Box.type("auxl");

  /** Says where a piece of an item's data is: an offset in the file. */
  private record Extent(long offset, long length) {}

  private record Reference(int type, int from, List<Integer> to) {}

  private final ByteBuffer in;
  private final Map<Integer, Integer> types = new HashMap<>();
  private final Map<Integer, List<Box>> properties = new HashMap<>();
  private final Map<Integer, List<Extent>> extents = new HashMap<>();
  private final List<Reference> references = new ArrayList<>();
  private final Map<Integer, List<Integer>> auxiliaries = new HashMap<>();
  private final int primary;
  private int entries;

  /**
   * Reads the {@code meta} box.
   *
   * @param file the whole file
   * @throws UnreadableImage if the file has no such box
   * @throws IndexOutOfBoundsException if it ends too early
   * @throws IllegalArgumentException if it contradicts itself
   */
  HeifItems(ByteBuffer file) throws UnreadableImage {
    in = file.duplicate().clear().limit(file.limit()).order(ByteOrder.BIG_ENDIAN);
    Box meta =
        Box.first(Box.list(in, 0, in.limit()), Box.type("meta"))
            .orElseThrow(() -> new UnreadableImage("it has no still image"));
    List<Box> parts = meta.children(in, 4);
    Fields pitm = fields(Box.one(parts, Box.type("pitm")));
    primary = pitm.number(pitm.version == 0 ? 2 : 4);
    readTypes(Box.one(parts, Box.type("iinf")));
    Box.first(parts, Box.type("iref")).ifPresent(this::readReferences);
    readProperties(Box.one(parts, Box.type("iprp")));
    readExtents(Box.one(parts, Box.type("iloc")), Box.first(parts, Box.type("idat")).orElse(null));
  }

  /** Returns the id of the item that is shown. */
  int primary() {
    return primary;
  }

  /** Returns an item's type, four letters as a number; 0 if there is no such item. */
  int type(int item) {
    return types.getOrDefault(item, 0);
  }

  /** Lists an item's properties, in their order. */
  List<Box> properties(int item) {
    return properties.getOrDefault(item, List.of());
  }

  /** Finds an item's first property of this type. */
  Optional<Box> property(int item, String type) {
    return Box.first(properties(item), Box.type(type));
  }

  /** Lists the items to which an item refers in this way. */
  List<Integer> references(int from, String type) {
    return references.stream()
        .filter(reference -> reference.from == from && reference.type == Box.type(type))
        .findFirst()
        .map(Reference::to)
        .orElse(List.of());
  }

  /** Lists the items that say that they belong to an item, such as its transparency. */
  List<Integer> auxiliaries(int to) {
    return auxiliaries.getOrDefault(to, List.of());
  }

  /** Returns a box's content, from its first byte. */
  ByteBuffer content(Box box) {
    return box.content(in);
  }

  /** Returns how many bytes an item's data have; they need not be in the file. */
  long length(int item) {
    long length = 0;
    for (Extent piece : extents.getOrDefault(item, List.of())) {
      length = Math.addExact(length, piece.length);
    }
    return length;
  }

  /** Returns the file's length in bytes. */
  int fileLength() {
    return in.limit();
  }

  /**
   * Returns an item's data.
   *
   * @throws UnreadableImage if the file ends before them
   */
  ByteBuffer data(int item) throws UnreadableImage {
    List<Extent> pieces = extents.getOrDefault(item, List.of());
    long length = length(item);
    for (Extent piece : pieces) {
      if (piece.offset > in.limit() || piece.length > in.limit() - piece.offset) {
        throw new UnreadableImage("truncated");
      }
    }
    if (length == 0 || length > in.limit()) { // pieces that overlap may be longer than the file
      throw new UnreadableImage(length == 0 ? "it has no data" : "corrupt");
    }
    if (pieces.size() == 1) {
      return slice(pieces.get(0));
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream((int) length);
    for (Extent piece : pieces) {
      byte[] bytes = new byte[(int) piece.length];
      slice(piece).get(bytes);
      all.writeBytes(bytes);
    }
    return ByteBuffer.wrap(all.toByteArray());
  }

  private ByteBuffer slice(Extent piece) {
    return in.slice((int) piece.offset, (int) piece.length).order(ByteOrder.BIG_ENDIAN);
  }

  private void readTypes(Box iinf) {
    int version = in.get(iinf.at());
    for (Box infe : iinf.children(in, version == 0 ? 6 : 8)) {
      Fields fields = fields(infe);
      if (infe.type() == Box.type("infe") && fields.version >= 2) {
        int id = fields.number(fields.version == 2 ? 2 : 4);
        fields.number(2);
        types.put(id, fields.number(4));
      }
    }
  }

  private void readReferences(Box iref) {
    int idBytes = in.get(iref.at()) == 0 ? 2 : 4;
    for (Box box : iref.children(in, 4)) {
      Fields fields = new Fields(box.content(in), 0);
      int from = fields.number(idBytes);
      int count = count(fields.number(2), MAX_LIST);
      countEntries(count);
      List<Integer> to = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        to.add(fields.number(idBytes));
      }
      references.add(new Reference(box.type(), from, to));
      if (box.type() == AUXILIARY) {
        to.forEach(id -> auxiliaries.computeIfAbsent(id, key -> new ArrayList<>()).add(from));
      }
    }
  }

  private void readProperties(Box iprp) {
    List<Box> parts = iprp.children(in, 0);
    List<Box> all = Box.one(parts, Box.type("ipco")).children(in, 0);
    for (Box ipma : parts) {
      if (ipma.type() != Box.type("ipma")) {
        continue;
      }
      boolean wide = (in.get(ipma.at() + 3) & 1) != 0;
      Fields fields = fields(ipma);
      int items = count(fields.number(4), Box.MAX_CHILDREN);
      for (int i = 0; i < items; i++) {
        List<Box> own =
            properties.computeIfAbsent(
                fields.number(fields.version == 0 ? 2 : 4), id -> new ArrayList<>());
        for (int left = fields.number(1); left > 0; left--) {
          int index = wide ? fields.number(2) & 0x7FFF : fields.number(1) & 0x7F;
          if (index > 0) {
            count(own.size() + 1, MAX_PROPERTIES);
            countEntries(1);
            own.add(all.get(index - 1));
          }
        }
      }
    }
  }

  private void readExtents(Box iloc, @Nullable Box idat) {
    Fields fields = fields(iloc);
    int sizes = fields.number(2);
    int offsetBytes = sizes >> 12 & 15;
    int lengthBytes = sizes >> 8 & 15;
    int baseBytes = sizes >> 4 & 15;
    int indexBytes = fields.version == 0 ? 0 : sizes & 15;
    int idBytes = fields.version < 2 ? 2 : 4;
    int items = count(fields.number(idBytes), Box.MAX_CHILDREN);
    for (int i = 0; i < items; i++) {
      int id = fields.number(idBytes);
      int construction = fields.version == 0 ? 0 : fields.number(2) & 15;
      int otherFile = fields.number(2);
      long base = fields.wide(baseBytes);
      int pieces = count(fields.number(2), MAX_EXTENTS);
      countEntries(pieces);
      List<Extent> own = new ArrayList<>();
      for (int piece = 0; piece < pieces; piece++) {
        fields.wide(indexBytes);
        long offset = Math.addExact(base, fields.wide(offsetBytes));
        long length = fields.wide(lengthBytes);
        own.add(placed(construction, idat, offset, length));
      }
      if (otherFile == 0 && construction < 2) { // not in the file, or inside another item
        extents.put(id, own);
      }
    }
  }

  private Extent placed(int construction, @Nullable Box idat, long offset, long length) {
    if (construction == 0) {
      return new Extent(offset, length == 0 ? Math.max(0, in.limit() - offset) : length);
    }
    int end = idat == null ? 0 : idat.length();
    if (idat == null || offset > end || length > end - offset) {
      return new Extent(Integer.MAX_VALUE, 1); // nowhere
    }
    return new Extent(idat.at() + offset, length == 0 ? end - offset : length);
  }

  private void countEntries(int more) {
    entries = count(entries + more, MAX_ENTRIES);
  }

  private static int count(int count, int most) {
    if (count < 0 || count > most) {
      throw new IllegalArgumentException("More entries than any encoder writes");
    }
    return count;
  }

  private Fields fields(Box box) {
    ByteBuffer content = box.content(in);
    return new Fields(content.position(4), content.get(0));
  }

  /** Reads numbers of various sizes, one after the other. */
  private record Fields(ByteBuffer in, int version) {

    int number(int bytes) {
      return switch (bytes) {
        case 1 -> Byte.toUnsignedInt(in.get());
        case 2 -> Short.toUnsignedInt(in.getShort());
        default -> in.getInt();
      };
    }

    /** Returns a number of 0, 4 or 8 bytes, which is not negative. */
    long wide(int bytes) {
      long value =
          switch (bytes) {
            case 0 -> 0;
            case 4 -> Integer.toUnsignedLong(in.getInt());
            case 8 -> in.getLong();
            default -> -1;
          };
      if (value < 0) {
        throw new IllegalArgumentException("A number of %d bytes".formatted(bytes));
      }
      return value;
    }
  }
}
