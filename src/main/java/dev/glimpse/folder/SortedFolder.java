package dev.glimpse.folder;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Lists the names in one folder, sorted, in memory that does not grow with their number: each pass
 * over the folder keeps the next names only, so a folder of a million files is read 16 times. What
 * is renamed or deleted meanwhile does not disturb the order. Without names that begin with a dot.
 */
final class SortedFolder {

  /** How many names a pass keeps; about 8 MB. */
  static final int PASS = 65_536;

  private final Path folder;
  private final int pass;
  private final Deque<String> names = new ArrayDeque<>();
  private String last = "";
  private boolean more = true;

  SortedFolder(Path folder) {
    this(folder, PASS);
  }

  SortedFolder(Path folder, int pass) {
    this.folder = folder;
    this.pass = pass;
  }

  /** Returns whether there is another name; reads the folder if need be. */
  boolean hasNext() throws IOException {
    if (names.isEmpty() && more) {
      read();
    }
    return !names.isEmpty();
  }

  String next() throws IOException {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    last = names.remove();
    return last;
  }

  private void read() throws IOException {
    PriorityQueue<String> least = new PriorityQueue<>(Comparator.reverseOrder());
    more = false;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = FileNames.of(entry);
        if (name.startsWith(".") || name.compareTo(last) <= 0) {
          continue;
        }
        least.add(name);
        if (least.size() > pass) {
          least.remove();
          more = true;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    while (!least.isEmpty()) {
      names.addFirst(least.remove());
    }
  }
}
