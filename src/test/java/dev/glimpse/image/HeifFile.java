package dev.glimpse.image;

import dev.glimpse.support.Fixtures;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes HEIC files that say what no encoder would write. Items are numbered from 1. */
final class HeifFile {

  /** Sides of the image that {@link #coded} holds. */
  static final int SIDE = 64;

  private final List<byte[]> infos = new ArrayList<>();
  private final List<byte[]> properties = new ArrayList<>();
  private final List<byte[]> associations = new ArrayList<>();
  private final List<byte[]> references = new ArrayList<>();
  private final List<byte[]> places = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** Adds an item with these properties, whose data lie in the file. */
  HeifFile item(String type, byte[] content, byte[]... own) {
    byte[] place = all(number(data.size(), 4), number(content.length, 4));
    data.writeBytes(content);
    return itemAt(type, place, own);
  }

  /**
   * Adds an item.
   *
   * @param place offset in the data and length, four bytes each
   */
  HeifFile itemAt(String type, byte[] place, byte[]... own) {
    int id = infos.size() + 1;
    infos.add(full("infe", 2, number(id, 2), number(0, 2), text(type), number(0, 1)));
    byte[] indices = new byte[own.length];
    for (int i = 0; i < own.length; i++) {
      properties.add(own[i]);
      indices[i] = (byte) properties.size();
    }
    associations.add(all(number(id, 2), number(own.length, 1), indices));
    places.add(all(number(id, 2), number(1, 2), number(0, 2), number(1, 2), place));
    return this;
  }

  /** Adds references from an item to others. */
  HeifFile reference(String type, int from, int... to) {
    ByteBuffer ids = ByteBuffer.allocate(2 * to.length);
    Arrays.stream(to).forEach(id -> ids.putShort((short) id));
    references.add(box(type, number(from, 2), number(to.length, 2), ids.array()));
    return this;
  }

  /** Returns the file; its data are in {@code idat}. */
  byte[] bytes() {
    return all(
        box("ftyp", text("heic"), number(0, 4), text("mif1heic")),
        full(
            "meta",
            0,
            full("pitm", 0, number(1, 2)),
            full("iinf", 0, number(infos.size(), 2), all(infos)),
            full("iref", 0, all(references)),
            box(
                "iprp",
                box("ipco", all(properties)),
                full("ipma", 0, number(associations.size(), 4), all(associations))),
            full("iloc", 1, number(0x4400, 2), number(places.size(), 2), all(places)),
            box("idat", data.toByteArray())));
  }

  /** Returns a file of one image that is coded as one of 64×64 pixels. */
  static HeifFile ofSize(int width, int height) {
    return new HeifFile().item("hvc1", coded(), size(width, height), configuration());
  }

  /** Returns the data of an image of 64×64 pixels. */
  static byte[] coded() {
    byte[] file = whole();
    return Arrays.copyOfRange(file, indexOf(file, "mdat") + 4, file.length);
  }

  /** Returns the property with the parameter sets of {@link #coded}. */
  static byte[] configuration() {
    byte[] file = whole();
    int at = indexOf(file, "hvcC") - 4;
    return Arrays.copyOfRange(file, at, at + ByteBuffer.wrap(file).getInt(at));
  }

  static byte[] size(int width, int height) {
    return full("ispe", 0, number(width, 4), number(height, 4));
  }

  static byte[] grid(int columns, int rows, int width, int height) {
    return all(
        new byte[] {0, 1, (byte) (rows - 1), (byte) (columns - 1)},
        number(width, 4),
        number(height, 4));
  }

  static byte[] full(String type, int version, byte[]... content) {
    return box(type, number(version << 24, 4), all(content));
  }

  static byte[] box(String type, byte[]... content) {
    byte[] inside = all(content);
    return all(number(8 + inside.length, 4), text(type), inside);
  }

  static byte[] number(int value, int bytes) {
    byte[] all = ByteBuffer.allocate(4).putInt(value).array();
    return Arrays.copyOfRange(all, 4 - bytes, 4);
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] all(byte[]... parts) {
    return all(Arrays.asList(parts));
  }

  static byte[] all(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** Returns where this text is in the file, for a test that changes what is there. */
  static int indexOf(byte[] file, String text) {
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf(text);
    if (at < 0) {
      throw new IllegalArgumentException(text);
    }
    return at;
  }

  private static byte[] whole() {
    return Fixtures.bytes(Fixtures.RESOURCES.resolve("images-heif/heic/turn-1.heic"));
  }
}
