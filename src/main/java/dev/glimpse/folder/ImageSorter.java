package dev.glimpse.folder;

import dev.glimpse.folder.ReadableRows.Written;
import dev.glimpse.postprocess.RankedClasses;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Puts images into a folder for each class, below one folder. Overwrites nothing: where a name is
 * taken, the image gets a number. Puts nothing through a symbolic link. What takes long is done
 * before the row is written, by {@link #stage}; then the row; then {@link #publish}, which renames,
 * so that after a kill at any time {@link #finish} can do what the last row promises. One run at a
 * time sorts into a folder. What is written is not forced to the disk: a loss of power can lose it.
 */
public final class ImageSorter implements Closeable {

  /** Holds an image that is to be sorted. */
  record Staged(ImageInput input, Row row, Optional<Path> copy) {}

  private final Path root;
  private final SortBy by;
  private final LabelFolders folders;
  private final StagingFiles staging;
  private final FolderLock lock;

  /**
   * Creates the folder, and deletes what killed runs have left half copied in it.
   *
   * @param labels one for each class
   * @throws IllegalArgumentException if another run is sorting into the folder
   */
  public ImageSorter(Path root, SortBy by, List<String> labels) throws IOException {
    this.root = Files.createDirectories(root.toAbsolutePath().normalize());
    this.by = by;
    this.folders = new LabelFolders(labels);
    this.staging = new StagingFiles(this.root);
    this.lock = FolderLock.of(this.root);
    try {
      staging.clear();
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  /** Copies an image to where only a rename is left to be done. Any thread may call it. */
  Staged stage(ImageInput input, Row row) {
    if (row.best().isEmpty()) {
      return new Staged(input, row, Optional.empty());
    }
    try {
      if (by == SortBy.MOVE && Files.isSymbolicLink(input.path())) {
        return failed(input, row, "It is a symbolic link, which is not moved; use --by copy.");
      }
      return new Staged(input, row, copyIfNeeded(input.path()));
    } catch (IOException e) {
      return failed(input, row, "It cannot be copied: " + reason(e) + ".");
    }
  }

  private static Staged failed(ImageInput input, Row row, String detail) {
    return new Staged(input, row.withProblem(RowProblem.notSorted(detail)), Optional.empty());
  }

  /** Chooses a free name, and returns the row with it. */
  Row place(Staged staged) {
    Row row = staged.row();
    if (row.best().isEmpty() || row.problem().isPresent()) {
      return row;
    }
    String folder = row.uncertain() ? LabelFolders.UNCERTAIN : folders.of(row.best().get(0));
    try {
      Path target = folder(folder);
      Path source = staged.input().path();
      String name = FileNames.of(source);
      return row.sorted(folder + "/" + (isIn(source, target) ? name : FreeName.in(target, name)));
    } catch (IOException | InvalidPathException e) {
      staging.delete(staged.copy());
      return row.withProblem(
          RowProblem.notSorted("The folder %s cannot be used: %s.".formatted(folder, reason(e))));
    }
  }

  private static boolean isIn(Path file, Path folder) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    return parent != null && Files.isSameFile(parent, folder);
  }

  /** Returns a class's folder, which exists then and is no link. */
  private Path folder(String name) throws IOException {
    Path folder = FileNames.resolve(root, name);
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(folder);
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException("it is no folder");
    }
    return folder;
  }

  /**
   * Puts an image in its place.
   *
   * @param row as {@link #place} has returned it
   * @return why it is not there; empty if it is
   */
  Optional<String> publish(Staged staged, Row row) {
    if (row.sortedTo().isEmpty()) {
      return Optional.empty();
    }
    Path source = staged.input().path();
    Path target = FileNames.resolve(root, row.sortedTo().get());
    try {
      if (isAt(source, target)) {
        return Optional.empty();
      }
      if (by == SortBy.LINK) {
        Files.createSymbolicLink(target, source.toAbsolutePath().normalize());
      } else {
        FilePlacement.put(staged.copy().orElse(source), target);
      }
    } catch (IOException e) {
      return Optional.of(
          "%s was not put to %s, as its row says: %s"
              .formatted(row.file(), row.sortedTo().get(), reason(e)));
    } finally {
      staging.delete(staged.copy());
    }
    return by == SortBy.MOVE ? delete(source, row.file(), row.sortedTo().get()) : Optional.empty();
  }

  /** Deletes what is in its new place. */
  private static Optional<String> delete(Path source, String file, String to) {
    try {
      Files.deleteIfExists(source);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "%s was put to %s, but cannot be deleted from where it was: %s"
              .formatted(file, to, reason(e)));
    }
  }

  /** Returns whether a file is in its place already. */
  private static boolean isAt(Path file, Path target) throws IOException {
    Path folder = target.getParent();
    return folder != null
        && isIn(file, folder)
        && FileNames.of(file).equals(FileNames.of(target))
        && Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Does what the last row of a killed run says, unless it was done.
   *
   * @param file the file of that row
   * @return why it cannot be done; empty if it is
   */
  Optional<String> finish(Written last, String file) {
    Optional<String> to = last.sortedTo();
    if (to.isEmpty()) {
      return Optional.empty();
    }
    ImageInput input = ImageInput.of(file);
    Path target = FileNames.resolve(root, to.get()).normalize();
    if (!target.startsWith(root)) {
      return Optional.of("The last row puts its file outside of " + root);
    }
    try {
      if (!Files.exists(input.path(), LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty(); // it was moved
      }
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        return by == SortBy.MOVE && FilePlacement.isSecondCopy(input.path(), target)
            ? delete(input.path(), file, to.get())
            : Optional.empty();
      }
      Row row = Row.of(file, RankedClasses.of(List.of())).sorted(to.get());
      return publish(new Staged(input, row, copyIfNeeded(input.path())), row);
    } catch (IOException e) {
      return Optional.of("%s was not put to %s: %s".formatted(file, to.get(), reason(e)));
    }
  }

  /** Copies an image, unless a link or a rename is enough. */
  private Optional<Path> copyIfNeeded(Path image) throws IOException {
    boolean copied = by == SortBy.COPY || (by == SortBy.MOVE && !staging.isOnSameDevice(image));
    return copied ? Optional.of(staging.copy(image)) : Optional.empty();
  }

  /** Returns the folder that is sorted into, absolute and normalized. */
  public Path root() {
    return root;
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static String reason(Exception e) {
    return e instanceof FileAlreadyExistsException
        ? "something else has its name"
        : e.getClass().getSimpleName() + " " + e.getMessage();
  }
}
