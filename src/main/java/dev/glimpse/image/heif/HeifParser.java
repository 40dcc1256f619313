package dev.glimpse.image.heif;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageLimits;
import dev.glimpse.image.UnreadableImage;
import dev.glimpse.image.heif.HeifImage.Item;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out how the items of a file make the image that it shows. For one thread at a time. */
final class HeifParser {

  private static final int GRID = Box.type("grid");
  private static final int IDENTITY = Box.type("iden");
  private static final int NCLX = Box.type("nclx");
  private static final int NCLX_BYTES = 11;
  private static final String SIZE = "ispe";

  /** Tiles of one colour may share their data. */
  private static final long MAX_SHARED = 4;

  private static final List<String> ALPHA =
      List.of(
          "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
          "urn:mpeg:hevc:2015:auxid:1",
          "urn:mpeg:avc:2015:auxid:1");

  /** Images that are another one, turned; encoders write one. */
  private static final int MAX_IDENTITIES = 4;

  private final HeifItems items;
  private final String format;

  private HeifParser(HeifItems items, String format) {
    this.items = items;
    this.format = format;
  }

  /**
   * Reads the header.
   *
   * @param file the whole file
   * @param format HEIC or AVIF, for messages
   * @throws UnreadableImage if it contradicts itself, or the file has no still image
   */
  static HeifImage read(ByteBuffer file, String format) throws UnreadableImage {
    return new HeifParser(new HeifItems(file), format).image();
  }

  /**
   * Lists the tiles of a canvas.
   *
   * @param id of the grid, or of the only tile
   */
  private record Canvas(int id, int width, int height, int columns, List<Item> tiles) {

    Item tile() {
      return tiles.get(0);
    }
  }

  /** Reads the primary item. */
  HeifImage image() throws UnreadableImage {
    List<Integer> chain = chain();
    Canvas canvas = canvas(chain.get(0));
    Geometry geometry = Geometry.whole(canvas.width, canvas.height);
    for (int id : chain) {
      requireSize(id, geometry);
      for (Box property : items.properties(id)) {
        geometry = geometry.with(property, items.content(property));
      }
    }
    List<Item> alphas = alphas(canvas);
    requireOwnData(canvas.tiles, alphas);
    boolean premultiplied = !alphas.isEmpty() && !items.references(canvas.id, "prem").isEmpty();
    return new HeifImage(items, geometry, canvas.columns, canvas.tiles, alphas, premultiplied);
  }

  /** Refuses files whose coded images are mostly the same bytes, each decoded anew. */
  private void requireOwnData(List<Item> tiles, List<Item> alphas) throws UnreadableImage {
    long length = 0;
    for (Item item : tiles) {
      length = Math.addExact(length, items.length(item.id()));
    }
    for (Item item : alphas) {
      length = Math.addExact(length, items.length(item.id()));
    }
    if (length > MAX_SHARED * items.fileLength()) {
      throw new UnreadableImage("its coded images are longer than the file");
    }
  }

  /** Lists the item that holds the image, and those that show it turned or cropped, in order. */
  private List<Integer> chain() throws UnreadableImage {
    List<Integer> chain = new ArrayList<>(List.of(items.primary()));
    while (items.type(chain.get(0)) == IDENTITY) {
      List<Integer> source = items.references(chain.get(0), "dimg");
      if (source.size() != 1 || chain.size() > MAX_IDENTITIES) {
        throw new UnreadableImage("its image is derived from none");
      }
      chain.add(0, source.get(0));
    }
    return chain;
  }

  /** Compares what an item says about its size with the image before its transformations. */
  private void requireSize(int id, Geometry image) throws UnreadableImage {
    Optional<Box> property = items.property(id, SIZE);
    if (property.isEmpty()) {
      return; // not of a coded image, which needs one
    }
    ByteBuffer said = items.content(property.get());
    boolean transposed = image.orientation().transposes();
    int width = transposed ? image.height() : image.width();
    int height = transposed ? image.width() : image.height();
    if (said.getInt(4) != width || said.getInt(8) != height) {
      throw new UnreadableImage(
          "its header says %d×%d pixels, and its image has %d×%d"
              .formatted(said.getInt(4), said.getInt(8), width, height));
    }
  }

  private Canvas canvas(int id) throws UnreadableImage {
    if (items.type(id) == GRID) {
      return grid(id);
    }
    Item only = item(id, null);
    return new Canvas(id, only.width(), only.height(), 1, List.of(only));
  }

  private Canvas grid(int id) throws UnreadableImage {
    ByteBuffer data = items.data(id);
    boolean wide = (data.get(1) & 1) != 0;
    int rows = 1 + (data.get(2) & 0xFF);
    int columns = 1 + (data.get(3) & 0xFF);
    int width = wide ? data.getInt(4) : Short.toUnsignedInt(data.getShort(4));
    int height = wide ? data.getInt(8) : Short.toUnsignedInt(data.getShort(6));
    List<Integer> ids = items.references(id, "dimg");
    if (ids.size() != rows * columns) {
      throw new UnreadableImage(
          "its grid has %d tiles instead of %d×%d".formatted(ids.size(), columns, rows));
    }
    List<Item> tiles = new ArrayList<>();
    for (int tile : ids) {
      tiles.add(item(tile, colours(id)));
      if (items.properties(tile).stream().anyMatch(Geometry::isTransformation)) {
        throw UnsupportedHeif.of(format, "whose tiles are turned or cropped");
      }
    }
    Item first = tiles.get(0);
    if (!covers(width, columns, first.width()) || !covers(height, rows, first.height())) {
      throw new UnreadableImage(
          "its grid of %d×%d tiles does not fit its size".formatted(columns, rows));
    }
    for (Item tile : tiles) {
      if (tile.width() != first.width() || tile.height() != first.height()) {
        throw new UnreadableImage("the tiles of its grid have various sizes");
      }
    }
    return new Canvas(id, width, height, columns, tiles);
  }

  /** Tells whether this many tiles are needed for a side, and are enough. */
  private static boolean covers(int side, int tiles, int length) {
    return side > (tiles - 1L) * length && side <= (long) tiles * length;
  }

  private Item item(int id, @Nullable Box gridColours) throws UnreadableImage {
    int type = items.type(id);
    if (type == 0) {
      throw new UnreadableImage("it has no still image");
    }
    Kind kind =
        Kind.of(type).orElseThrow(() -> UnsupportedHeif.of(format, "made of " + name(type)));
    Box size = required(id, SIZE);
    ByteBuffer sides = items.content(size);
    int width = sides.getInt(4);
    int height = sides.getInt(8);
    if (width < 1 || height < 1) {
      throw new UnreadableImage("its header says that it has no pixels");
    }
    // Products of such sides and of the number of tiles fit a long.
    if (Math.max(width, height) > ImageLimits.MAX_SIDE) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "A coded part of the image has %d×%d pixels; each side may have at most %d."
              .formatted(width, height, ImageLimits.MAX_SIDE));
    }
    Box configuration = required(id, kind.configuration());
    Box own = colours(id);
    return new Item(
        id,
        kind,
        width,
        height,
        depth(kind, items.content(configuration)),
        configuration,
        own == null ? gridColours : own);
  }

  private static int depth(Kind kind, ByteBuffer configuration) {
    return switch (kind) {
      case HEIC -> HevcPicture.depth(configuration);
      case AVIF -> Av1Picture.depth(configuration);
    };
  }

  private static String name(int type) {
    return type == Box.type("iovl")
        ? "several others"
        : "items of type " + Integer.toHexString(type);
  }

  private Box required(int id, String property) throws UnreadableImage {
    return items
        .property(id, property)
        .orElseThrow(
            () -> new UnreadableImage("its image has no property '%s'".formatted(property)));
  }

  private @Nullable Box colours(int id) {
    for (Box property : items.properties(id)) {
      if (property.type() == Box.type("colr")
          && property.length() >= NCLX_BYTES
          && items.content(property).getInt(0) == NCLX) {
        return property;
      }
    }
    return null;
  }

  /** Returns the transparency of each tile, from a grid of its own or beside the tiles. */
  private List<Item> alphas(Canvas canvas) throws UnreadableImage {
    Optional<Integer> whole = alphaOf(canvas.id);
    List<Item> alphas = new ArrayList<>();
    if (whole.isPresent()) {
      alphas.addAll(canvas(whole.get()).tiles);
    } else if (items.type(canvas.id) == GRID) {
      for (Item tile : canvas.tiles) {
        Optional<Integer> own = alphaOf(tile.id());
        if (own.isPresent()) {
          alphas.add(item(own.get(), null));
        }
      }
    }
    if (alphas.isEmpty()) {
      return alphas;
    }
    for (Item alpha : alphas) {
      if (alphas.size() != canvas.tiles.size()
          || alpha.width() != canvas.tile().width()
          || alpha.height() != canvas.tile().height()) {
        throw UnsupportedHeif.of(format, "with transparency of another size");
      }
    }
    return alphas;
  }

  private Optional<Integer> alphaOf(int id) {
    return items.auxiliaries(id).stream().filter(this::isAlpha).findFirst();
  }

  private boolean isAlpha(int id) {
    return items
        .property(id, "auxC")
        .map(property -> text(items.content(property).position(4)))
        .filter(ALPHA::contains)
        .isPresent();
  }

  private static String text(ByteBuffer in) {
    StringBuilder text = new StringBuilder();
    for (byte next = in.get(); next != 0 && text.length() < 100; next = in.get()) {
      text.append((char) next);
    }
    return text.toString();
  }
}
