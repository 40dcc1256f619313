package dev.glimpse.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lists what a command line names, in its order: files, the images in folders, and what a list on
 * standard input names. Holds little in memory, however many files there are. One thread at a time
 * may call {@link #next}.
 */
public final class ImageInputs {

  /** Stands for a list on standard input. */
  public static final String LIST = "-";

  /**
   * Says how inputs are listed.
   *
   * @param recursive whether folders in folders are listed, too
   * @param nul whether a NUL ends a name in the list
   * @param excluded a folder that is left out, absolute and normalized
   */
  public record Options(boolean recursive, boolean nul, Optional<Path> excluded) {}

  private final Deque<String> arguments;
  private final Options options;
  private final InputStream stdin;

  private @Nullable NameList list;
  private @Nullable FolderWalk walk;
  private final AtomicLong skipped = new AtomicLong();
  private final AtomicLong folders = new AtomicLong();

  public ImageInputs(List<String> arguments, Options options, InputStream stdin) {
    this.arguments = new ArrayDeque<>(arguments);
    this.options = options;
    this.stdin = stdin;
  }

  /**
   * Returns the next file, or null at the end. Blocks while the list on standard input is read.
   *
   * @throws IOException if standard input cannot be read
   */
  public @Nullable ImageInput next() throws IOException {
    while (true) {
      if (walk != null) {
        ImageInput found = walk.next();
        if (found != null) {
          return found;
        }
        skipped.addAndGet(walk.skipped());
        folders.addAndGet(walk.folders());
        walk = null;
      }
      String name = nextName();
      if (name == null) {
        return null;
      }
      ImageInput input = ImageInput.of(name);
      if (input.problem().isPresent() || !Files.isDirectory(input.path())) {
        return input;
      }
      walk = new FolderWalk(input.path(), name, options.recursive(), options.excluded());
    }
  }

  /** Returns whether standard input is to be read. */
  public boolean hasList() {
    return list != null || arguments.contains(LIST);
  }

  private @Nullable String nextName() throws IOException {
    while (true) {
      if (list != null) {
        String name = list.next();
        if (name != null) {
          return name;
        }
        list = null;
      }
      String argument = arguments.poll();
      if (!LIST.equals(argument)) {
        return argument;
      }
      list = new NameList(stdin, options.nul());
    }
  }

  /** Returns how many folders in folders were passed over, as they are not asked for. */
  public long folders() {
    return folders.get();
  }

  /** Returns how many files in folders were passed over because of their names. */
  public long skipped() {
    return skipped.get();
  }
}
