package dev.glimpse.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists the images in a folder: the files whose names end like an image's, sorted, and with {@code
 * recursive} those in its folders, in place of each. Follows symbolic links to files, but not to
 * folders, which may lead in a circle.
 */
final class FolderWalk {

  private static final Set<String> SUFFIXES =
      Set.of(
          "jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "dib", "tif", "tiff", "webp", "heic",
          "heif", "avif");

  private record Level(Path folder, String name, SortedFolder entries) {}

  private final boolean recursive;
  private final Optional<Path> excluded;
  private final Deque<Level> levels = new ArrayDeque<>();
  private long skipped;
  private long folders;

  /**
   * Starts a walk; reads nothing yet.
   *
   * @param name the folder's name in rows
   * @param excluded a folder that is left out, absolute and normalized
   */
  FolderWalk(Path folder, String name, boolean recursive, Optional<Path> excluded) {
    this.recursive = recursive;
    this.excluded = excluded;
    levels.push(new Level(folder, name, new SortedFolder(folder)));
  }

  /** Returns the next image, or the folder that cannot be listed; null at the end. */
  @Nullable ImageInput next() {
    while (!levels.isEmpty()) {
      Level level = levels.element();
      try {
        if (!level.entries().hasNext()) {
          levels.pop();
          continue;
        }
        ImageInput found = look(level, level.entries().next());
        if (found != null) {
          return found;
        }
      } catch (IOException e) {
        levels.pop();
        return ImageInput.failed(level.name(), RowProblem.unlisted());
      }
    }
    return null;
  }

  private @Nullable ImageInput look(Level level, String entry) {
    Path path = FileNames.resolve(level.folder(), entry);
    String name = level.name().endsWith("/") ? level.name() + entry : level.name() + "/" + entry;
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      if (recursive && !isExcluded(path)) {
        levels.push(new Level(path, name, new SortedFolder(path)));
      }
      folders += recursive ? 0 : 1;
      return null;
    }
    if (Files.isDirectory(path) || !isNamedLikeAnImage(entry)) {
      skipped++;
      return null;
    }
    return ImageInput.of(name, path);
  }

  private boolean isExcluded(Path path) {
    try {
      return excluded.isPresent() && Files.isSameFile(path, excluded.get());
    } catch (IOException e) { // such as that it does not exist
      return false;
    }
  }

  private static boolean isNamedLikeAnImage(String name) {
    return SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  /** Returns how many folders were passed over, as the walk is not recursive. */
  long folders() {
    return folders;
  }

  /** Returns how many files were passed over because of their names. */
  long skipped() {
    return skipped;
  }
}
