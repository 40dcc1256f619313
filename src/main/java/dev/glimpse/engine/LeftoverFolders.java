package dev.glimpse.engine;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Names the folders into which libraries are unpacked after the process, and deletes those of
 * processes that were killed before they could.
 */
final class LeftoverFolders {

  private static final Logger LOG = Logger.getLogger(LeftoverFolders.class);

  private static final String BEGINNING = "glimpse-onnxruntime-";
  private static final Pattern NAME = Pattern.compile(BEGINNING + "([0-9]{1,10})-[0-9]+");

  /**
   * Folders this young stay: another container may share the folder for temporary files, and its
   * processes cannot be seen. Unpacking and loading take a second.
   */
  private static final Duration YOUNG = Duration.ofMinutes(10);

  private LeftoverFolders() {}

  /** Returns the beginning of the name of this process's folder. */
  static String prefix() {
    return BEGINNING + ProcessHandle.current().pid() + "-";
  }

  /** Deletes the folders of processes that have ended. Never throws. */
  static void clear(Path temporary) {
    clear(temporary, pid -> ProcessHandle.of(pid).isPresent());
  }

  static void clear(Path temporary, LongPredicate alive) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, BEGINNING + "*")) {
      for (Path folder : folders) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        if (name.matches() && !alive.test(Long.parseLong(name.group(1))) && isOld(folder)) {
          delete(folder);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debugf(e, "Cannot clear %s", temporary);
    }
  }

  /** Returns whether it is a folder, no link to one, and was not changed lately. */
  private static boolean isOld(Path folder) throws IOException {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS)
            .toInstant()
            .isBefore(Instant.now().minus(YOUNG));
  }

  /** Deletes a folder and the files in it; another user's cannot be, and stays. */
  static void delete(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debugf(e, "Cannot delete %s", folder);
    }
  }
}
