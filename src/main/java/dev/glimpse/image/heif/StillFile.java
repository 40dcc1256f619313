package dev.glimpse.image.heif;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file of one coded image, and of its transparency if it has one: all that libheif gets to
 * see of a file.
 */
final class StillFile {

  private static final byte[] NONE = {};
  private static final int COLOUR = 1;
  private static final int ALPHA = 2;

  private static final String AUXILIARY = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0";

  private final HeifItems items;
  private final Coded colour;
  private final @Nullable Coded alpha;
  private final byte[] head;

  StillFile(HeifItems items, Coded colour, @Nullable Coded alpha) {
    this.items = items;
    this.colour = colour;
    this.alpha = alpha;
    this.head = head(head(0).length);
  }

  /** Returns the file's length in bytes. */
  int length() {
    return Math.addExact(head.length, dataLength());
  }

  /** Writes the file. */
  void writeTo(ByteBuffer out) {
    out.put(head);
    colour.units().forEach(unit -> out.put(unit.duplicate()));
    if (alpha != null) {
      alpha.units().forEach(unit -> out.put(unit.duplicate()));
    }
  }

  private int dataLength() {
    return Math.addExact(colour.length(), alpha == null ? 0 : alpha.length());
  }

  /** Returns all that is in front of the data, which are at this offset. */
  private byte[] head(int data) {
    byte[] brands =
        all(text("mif1"), number(0, 4), text("mif1"), text(brand(colour)), text("miaf"));
    byte[] meta =
        full(
            "meta",
            0,
            full("hdlr", 0, number(0, 4), text("pict"), new byte[13]),
            full("pitm", 0, number(COLOUR, 2)),
            full("iinf", 0, number(alpha == null ? 1 : 2, 2), info(COLOUR, colour), info()),
            alpha == null ? NONE : full("iref", 0, box("auxl", reference())),
            box("iprp", box("ipco", properties()), full("ipma", 0, associations())),
            full("iloc", 0, places(data)));
    byte[] mdat = all(number(8 + dataLength(), 4), text("mdat"));
    return all(box("ftyp", brands), meta, mdat);
  }

  private static String brand(Coded coded) {
    return coded.item().kind() == Kind.HEIC ? "heic" : "avif";
  }

  private byte[] info() {
    return alpha == null ? NONE : info(ALPHA, alpha);
  }

  private static byte[] info(int id, Coded coded) {
    return full(
        "infe", 2, number(id, 2), number(0, 2), text(coded.item().kind().itemType()), number(0, 1));
  }

  private static byte[] reference() {
    return all(number(ALPHA, 2), number(1, 2), number(COLOUR, 2));
  }

  /** Writes size, configuration, colours; for transparency size, configuration, type. */
  private byte[] properties() {
    Box colours = colour.item().colours();
    byte[] known =
        colours == null ? box("free") : box("colr", bytes(items.content(colours).limit(11)));
    byte[] own = all(size(colour), configuration(colour), known);
    return alpha == null
        ? own
        : all(own, size(alpha), configuration(alpha), full("auxC", 0, text(AUXILIARY)));
  }

  private static byte[] size(Coded coded) {
    return full("ispe", 0, number(coded.item().width(), 4), number(coded.item().height(), 4));
  }

  private static byte[] configuration(Coded coded) {
    return box(coded.item().kind().configuration(), bytes(coded.configuration()));
  }

  private byte[] associations() {
    int essential = 0x80;
    int count = colour.item().colours() == null ? 2 : 3;
    byte[] own = {0, COLOUR, (byte) count, 1, (byte) (essential | 2), 3};
    byte[] colourOnly = count == 3 ? own : Arrays.copyOf(own, own.length - 1);
    return alpha == null
        ? all(number(1, 4), colourOnly)
        : all(number(2, 4), colourOnly, new byte[] {0, ALPHA, 3, 4, (byte) (essential | 5), 6});
  }

  private byte[] places(int data) {
    byte[] own = place(COLOUR, data, colour.length());
    byte[] start = all(number(0x4400, 2), number(alpha == null ? 1 : 2, 2), own);
    return alpha == null ? start : all(start, place(ALPHA, data + colour.length(), alpha.length()));
  }

  private static byte[] place(int id, int offset, int length) {
    return all(number(id, 2), number(0, 2), number(1, 2), number(offset, 4), number(length, 4));
  }

  private static byte[] full(String type, int version, byte[]... content) {
    return box(type, number(version << 24, 4), all(content));
  }

  private static byte[] box(String type, byte[]... content) {
    byte[] inside = all(content);
    return all(number(8 + inside.length, 4), text(type), inside);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] number(int value, int bytes) {
    byte[] out = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      out[i] = (byte) (value >> (8 * (bytes - 1 - i)));
    }
    return out;
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] out = new byte[in.remaining()];
    in.duplicate().get(out);
    return out;
  }

  private static byte[] all(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
