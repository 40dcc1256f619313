package dev.glimpse.image.tiff;

import dev.glimpse.failure.ServingException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds the pages of a TIFF file: directories, each of which ends with the place of the next, as in
 * section 2 of <a href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF
 * 6.0</a>.
 */
final class TiffPages {

  /** The place of the first directory's place. */
  private static final int FIRST = 4;

  /** A file of some megabytes can hold millions of directories without tags. */
  private static final int MAX_PAGES = 1 << 16;

  private TiffPages() {}

  /**
   * Makes a page the first of its file.
   *
   * @param bytes the whole file, which is changed
   * @param page 0 or more; 0 is the first
   * @throws ServingException INVALID_PARAMETER if there are not so many pages
   * @throws IndexOutOfBoundsException if a directory before it lies outside of the file
   */
  static void putFirst(byte[] bytes, int page) {
    ByteBuffer file =
        ByteBuffer.wrap(bytes)
            .order(bytes[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    Set<Integer> found = new HashSet<>(); // as in Pillow, a page that comes again ends the file
    int next = file.getInt(FIRST);
    while (next != 0 && found.size() < MAX_PAGES && found.add(next)) {
      if (found.size() > page) {
        file.putInt(FIRST, next);
        return;
      }
      next = following(file, next);
    }
    throw ServingException.invalid("page", tooFew(found.size()));
  }

  private static int following(ByteBuffer file, int directory) {
    int tags = Short.toUnsignedInt(file.getShort(directory));
    return file.getInt(directory + 2 + 12 * tags);
  }

  private static String tooFew(int pages) {
    if (pages == MAX_PAGES) {
      return "must be below %d, the most pages that are read of a TIFF image".formatted(pages);
    }
    return pages == 1
        ? "must be 0, as the TIFF image has 1 page"
        : "must be from 0 to %d, as the TIFF image has %d pages".formatted(pages - 1, pages);
  }
}
