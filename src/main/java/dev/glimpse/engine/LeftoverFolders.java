package dev.glimpse.engine;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Names the folders into which libraries are unpacked after the process, and deletes those of
 * processes that were killed before they could, with the copies of verified models. ONNX Runtime's
 * and JNA's Java classes leave some, too; their names contain no process id.
 */
final class LeftoverFolders {

  private static final Logger LOG = Logger.getLogger(LeftoverFolders.class);

  private static final String BEGINNING = "glimpse-onnxruntime-";
  private static final Pattern NAME =
      Pattern.compile("glimpse-(?:onnxruntime|model)-([0-9]{1,10})-[0-9]+");

  /** Empty, because {@link NativeLibraries} does what it is for; deleted by an orderly exit. */
  private static final String OF_ONNX_RUNTIME = "onnxruntime-java";

  /** JNA deletes it as soon as it is loaded. */
  private static final Pattern OF_JNA = Pattern.compile("jna[0-9]+\\.tmp");

  /**
   * Anything younger is kept: another container may share the folder for temporary files, and its
   * processes cannot be seen. Unpacking and loading take a second.
   */
  private static final Duration YOUNG = Duration.ofMinutes(10);

  private LeftoverFolders() {}

  /** Returns the beginning of the name of this process's folder. */
  static String prefix() {
    return BEGINNING + ProcessHandle.current().pid() + "-";
  }

  /** Deletes what processes that have ended have left. Never throws. */
  static void clear(Path temporary) {
    clear(temporary, pid -> ProcessHandle.of(pid).isPresent(), LeftoverFolders::oldestProgram);
    clearJna(jna());
  }

  /**
   * Deletes what processes that have ended have left.
   *
   * @param alive whether the process with this id is running
   * @param oldest when the first of those running processes started that may have made folders
   *     whose names contain no process id; called once at most, as it takes some milliseconds
   */
  static void clear(Path temporary, LongPredicate alive, Supplier<Instant> oldest) {
    AtomicReference<Instant> first = new AtomicReference<>();
    each(
        temporary,
        "glimpse-*",
        folder -> {
          Matcher name = NAME.matcher(folder.getFileName().toString());
          if (name.matches() && !alive.test(Long.parseLong(name.group(1))) && isOldFolder(folder)) {
            delete(folder);
          }
        });
    each(
        temporary,
        OF_ONNX_RUNTIME + "*",
        folder -> {
          if (isOldFolder(folder) && isEmpty(folder)) {
            Instant started = first.updateAndGet(known -> known == null ? oldest.get() : known);
            if (changed(folder).isBefore(started)) {
              Files.deleteIfExists(folder);
            }
          }
        });
  }

  /** Deletes JNA's libraries; one that is loaded does not need its file. */
  static void clearJna(Path folder) {
    each(
        folder,
        "jna*.tmp",
        file -> {
          if (OF_JNA.matcher(file.getFileName().toString()).matches()
              && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && isOld(file)) {
            Files.deleteIfExists(file);
          }
        });
  }

  /** Returns the folder that JNA unpacks its library into, unless another is set. */
  private static Path jna() {
    String given = System.getProperty("jna.tmpdir");
    String cache = System.getenv("XDG_CACHE_HOME");
    return given != null
        ? Path.of(given)
        : cache != null && !cache.isBlank()
            ? Path.of(cache, "JNA", "temp")
            : Path.of(System.getProperty("user.home", "/"), ".cache", "JNA", "temp");
  }

  /** Returns when the oldest other process of this program, or of a JVM, started. */
  private static Instant oldestProgram() {
    ProcessHandle self = ProcessHandle.current();
    String program = self.info().command().orElse("");
    return ProcessHandle.allProcesses()
        .filter(other -> other.pid() != self.pid())
        .map(ProcessHandle::info)
        .filter(other -> {
          String command = other.command().orElse("");
          return command.equals(program) || command.endsWith("/java");
        })
        .map(other -> other.startInstant().orElse(Instant.MIN))
        .min(Comparator.naturalOrder())
        .orElse(Instant.MAX);
  }

  private interface Action {
    void on(Path path) throws IOException;
  }

  /** Does something with each path; another user's cannot be deleted, and stays. */
  private static void each(Path folder, String names, Action action) {
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, names)) {
      for (Path path : paths) {
        try {
          action.on(path);
        } catch (IOException e) {
          LOG.debugf(e, "Cannot delete %s", path);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debugf(e, "Cannot clear %s", folder);
    }
  }

  /** Returns whether it is a folder, no link to one, and was not changed lately. */
  private static boolean isOldFolder(Path folder) throws IOException {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && isOld(folder);
  }

  private static boolean isOld(Path path) throws IOException {
    return changed(path).isBefore(Instant.now().minus(YOUNG));
  }

  private static Instant changed(Path path) throws IOException {
    return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      return !files.iterator().hasNext();
    }
  }

  /** Deletes a folder and all that is in it; another user's cannot be, and stays. */
  static void delete(Path folder) {
    each(
        folder,
        "*",
        path -> {
          if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            delete(path);
          } else {
            Files.deleteIfExists(path);
          }
        });
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.debugf(e, "Cannot delete %s", folder);
    }
  }
}
