package dev.glimpse.support;

import dev.glimpse.failure.ServingException;
import dev.glimpse.image.codecs.ImageCodecs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/** Reads the files of the tests; {@code src/test/golden/README.md} says what made them. */
public final class Fixtures {

  public static final Path RESOURCES = Path.of("src/test/resources");
  public static final Path MODELS = RESOURCES.resolve("models");
  public static final Path BROKEN_MODELS = RESOURCES.resolve("models-broken");

  /** Holds one slow model, apart from the others, so that only its tests wait. */
  public static final Path SLOW_MODELS = RESOURCES.resolve("models-slow");

  /** Photo-like JPEGs of every kind, and the random networks whose answers for them are known. */
  public static final Path PHOTOS = RESOURCES.resolve("photos");

  public static final Path RANDOM_MODELS = RESOURCES.resolve("models-random");

  /** Images of every kind of a format that a decoder has to read or refuse. */
  public static final Path ODD_IMAGES = RESOURCES.resolve("images-odd");

  /** A TIFF file of four pages; {@code golden/odd/pages.tsv} says what they are. */
  public static final Path TIFF_PAGES = RESOURCES.resolve("golden/odd/pages.tif");

  private static final Path ASSETS =
      Path.of(Objects.requireNonNullElse(System.getenv("GLIMPSE_TEST_ASSETS"), "../shared/assets"));

  private Fixtures() {}

  /**
   * Returns the bytes of an image drawn for the tests; for a WebP, see {@link #assumeWebpIsRead}.
   */
  public static byte[] image(String name) {
    if (name.endsWith(".webp")) {
      assumeWebpIsRead();
    }
    return bytes(RESOURCES.resolve("images").resolve(name));
  }

  /** Returns a JPEG with comments in it, until it has at least so many bytes. */
  public static byte[] padded(byte[] jpeg, int bytes) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(jpeg, 0, 2); // SOI
    while (file.size() + jpeg.length - 2 < bytes) {
      file.writeBytes(Arrays.copyOf(new byte[] {-1, -2, -1, -3}, 2 + 0xFFFD)); // COM
    }
    file.write(jpeg, 2, jpeg.length - 2);
    return file.toByteArray();
  }

  /** Returns a row for every image, with the status of its response. */
  public static List<Map<String, String>> images() {
    return table("images/images.tsv");
  }

  /**
   * Skips the test where libwebp is not installed, as the response to WebP images is a 415 then.
   */
  public static void assumeWebpIsRead() {
    byte[] image = bytes(RESOURCES.resolve("images/picture.webp"));
    try {
      ImageCodecs.all().codecFor(ByteBuffer.wrap(image));
    } catch (ServingException e) {
      Assumptions.abort("libwebp is not installed");
    }
  }

  /** Skips the test where libheif is not installed, or has no decoder for HEIC or AVIF. */
  public static void assumeHeifIsRead() {
    for (String file : List.of("heic/420.heic", "avif/yuv-420.avif")) {
      try {
        ImageCodecs.all()
            .codecFor(ByteBuffer.wrap(bytes(RESOURCES.resolve("images-heif/" + file))));
      } catch (ServingException e) {
        Assumptions.abort("libheif is not installed");
      }
    }
  }

  /** Returns the bytes of any file. */
  public static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the rows of a golden table, by the names of its columns. */
  public static List<Map<String, String>> table(String file) {
    List<Map<String, String>> rows = new ArrayList<>();
    String[] columns = null;
    try {
      for (String line : Files.readAllLines(RESOURCES.resolve(file))) {
        if (line.startsWith("#")) {
          continue;
        }
        String[] cells = line.split("\t", -1);
        if (columns == null) {
          columns = cells;
          continue;
        }
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i++) {
          row.put(columns[i], cells[i]);
        }
        rows.add(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /** Tells whether a file or folder of the external test data exists. */
  public static boolean hasAsset(String path) {
    return Files.exists(ASSETS.resolve(path));
  }

  /**
   * Finds a file or folder of the external test data, which is too large for the repository or not
   * ours to publish; skips the test, and says why, where it is missing.
   */
  public static Path asset(String path) {
    Assumptions.assumeTrue(hasAsset(path), () -> "external test data: no " + path);
    return ASSETS.resolve(path);
  }
}
