package dev.glimpse.engine;

import dev.glimpse.failure.Causes;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognizes failures that are the machine's and no model's, by what the system says, and tells the
 * operator what to do.
 */
public final class PlatformFault {

  private PlatformFault() {}

  /** Those that name a file or need nothing; the first that fits counts. */
  private static final KnownMessage[] KNOWN = {
    known(
        "(libgomp[\\w.+-]{1,100}): cannot open shared object file: No such",
        "The shared library %s is not installed; install the package that has it, such as"
            + " libgomp1."),
    known(
        "([\\w.+-]{1,100}): cannot open shared object file: Permission denied",
        "The shared library %s cannot be read by this user; change its permissions."),
    known(
        "([\\w.+-]{1,100}): cannot open shared object file",
        "The shared library %s is not installed; install the package that has it."),
    known(
        "version [`'\"]?((?:GLIBC|GLIBCXX|CXXABI)_[\\d.]{1,20})[`'\"]? not found",
        "ONNX Runtime needs %s, and this system's C or C++ library is older; use a newer one."),
    known(
        "([\\w.+-]{1,100}): wrong ELF class",
        "The shared library %s is built for another architecture; install the one for this"
            + " machine."),
    known(
        "([\\w.+-]{1,100}): (?:file too short|invalid ELF header|ELF load command)",
        "The shared library %s is damaged or incomplete; install it again."),
    known(
        "([\\w.+-]{1,100}): cannot enable executable stack",
        "This system does not let %s have an executable stack; install a newer version of it."),
    known(
        "too many open files",
        "The process cannot open more files; raise its limit (ulimit -n) to 1024 or more."),
    known(
        "unable to create native thread|pthread_create",
        "The process cannot start more threads; raise its limit (ulimit -u, or the container's"
            + " limit of processes)."),
    known(
        "cannot allocate memory|bad_alloc|bad allocation|failed to allocate memory",
        "There is not enough memory; raise the limit of the container or the process (ulimit -v),"
            + " or serve fewer or smaller models."),
    known(
        "input/output error|stale file handle",
        "The disk or the network file system reports an error; check it, and start the service"
            + " again."),
  };

  private static final Pattern NOEXEC =
      Pattern.compile("(/[^:]{0,1000})/[^/:]+: failed to map segment");

  private static final Pattern FULL =
      Pattern.compile("no space left|quota exceeded", Pattern.CASE_INSENSITIVE);

  private static final Pattern READ_ONLY =
      Pattern.compile("read-only file system", Pattern.CASE_INSENSITIVE);

  /** Returns a sentence about a failure; empty if the machine is not to blame for it. */
  public static Optional<String> of(Throwable failure) {
    return Causes.of(failure).map(PlatformFault::sentence).flatMap(Optional::stream).findFirst();
  }

  private static Optional<String> sentence(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    Optional<String> known = KnownMessage.find(KNOWN, message);
    if (known.isPresent()) {
      return known;
    }
    Matcher noexec = NOEXEC.matcher(message);
    if (noexec.find()) {
      return Optional.of(noexec(noexec.group(1)));
    }
    if (FULL.matcher(message).find()) {
      return Optional.of(
          elsewhere(cause)
              .map("There is no space left for the file %s; free some."::formatted)
              .orElseGet(() -> temporary("has no space left; free some,")));
    }
    if (READ_ONLY.matcher(message).find() || cause instanceof ReadOnlyFileSystemException) {
      return Optional.of(
          elsewhere(cause)
              .map("The file %s is on a read-only file system; name another."::formatted)
              .orElseGet(() ->
                  temporary("is read-only; mount a writable one there, which may be small,")));
    }
    if (cause instanceof AccessDeniedException denied && isTemporary(denied)) {
      return Optional.of(temporary("cannot be written to by this user; change its permissions,"));
    }
    if (cause instanceof NoSuchFileException missing && isTemporary(missing)) {
      return Optional.of(temporary("does not exist; create it,"));
    }
    return Optional.empty();
  }

  /** Returns the file that the failure is about if it is not one of the temporary ones. */
  private static Optional<String> elsewhere(Throwable cause) {
    return cause instanceof FileSystemException failure && failure.getFile() != null
        ? Optional.of(failure.getFile()).filter(file -> !Path.of(file).startsWith(temporary()))
        : Optional.empty();
  }

  /** Returns whether the failure is about the folder for temporary files, not one of a model. */
  private static boolean isTemporary(FileSystemException failure) {
    Path file = Path.of(String.valueOf(failure.getFile()));
    return Path.of(temporary()).equals(file.getParent());
  }

  private static String temporary() {
    return System.getProperty("java.io.tmpdir");
  }

  private static String temporary(String problem) {
    return "The folder for temporary files, %s, %s or set another with -Djava.io.tmpdir."
        .formatted(temporary(), problem);
  }

  private static String noexec(String folder) {
    return folder.startsWith(temporary())
        ? temporary(
                "is mounted noexec, so that no library can be loaded from it; mount it with exec,")
            .replaceFirst(
                "\\.$",
                " (or -D"
                    + NativeLibraries.PATH_PROPERTY
                    + " to a folder that holds ONNX Runtime's libraries).")
        : "The folder %s is mounted noexec, so that no library can be loaded from it; mount it with exec, or move the libraries."
            .formatted(folder);
  }

  private static KnownMessage known(String words, String sentence) {
    return new KnownMessage(Pattern.compile(words, Pattern.CASE_INSENSITIVE), sentence);
  }
}
