package dev.glimpse.support;

import dev.glimpse.failure.ServingException;
import dev.glimpse.image.codecs.ImageCodecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Files that tests read; {@code src/test/golden/README.md} says what made them. */
public final class Fixtures {

  public static final Path RESOURCES = Path.of("src/test/resources");
  public static final Path MODELS = RESOURCES.resolve("models");
  public static final Path BROKEN_MODELS = RESOURCES.resolve("models-broken");

  /** Holds one model that runs for long, apart from the others, so that only its tests wait. */
  public static final Path SLOW_MODELS = RESOURCES.resolve("models-slow");

  private static final Path ASSETS = Path.of("../shared/assets");

  private Fixtures() {}

  /** The bytes of a picture drawn for the tests; for a WebP, see {@link #assumeWebpIsRead}. */
  public static byte[] image(String name) {
    if (name.endsWith(".webp")) {
      assumeWebpIsRead();
    }
    return bytes(RESOURCES.resolve("images").resolve(name));
  }

  /** Every picture, with the status it is owed. */
  public static List<Map<String, String>> images() {
    return table("images/images.tsv");
  }

  /** The test is skipped where libwebp is not there, as WebP pictures are owed a 415 then. */
  public static void assumeWebpIsRead() {
    byte[] picture = bytes(RESOURCES.resolve("images/picture.webp"));
    try {
      ImageCodecs.all().codecFor(picture);
    } catch (ServingException e) {
      Assumptions.abort("libwebp is not here");
    }
  }

  /** The bytes of any file. */
  public static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows of a golden table, by the names of its columns. */
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

  /**
   * A folder of real models or photos that is too large for the repository. The test is skipped,
   * and says why, where it is not there.
   */
  public static Path asset(String path) {
    Path asset = ASSETS.resolve(path);
    Assumptions.assumeTrue(Files.exists(asset), () -> asset + " is not here");
    return asset;
  }
}
