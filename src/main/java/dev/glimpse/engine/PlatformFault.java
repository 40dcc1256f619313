package dev.glimpse.engine;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognizes failures that are the machine's and no model's, by what the system says, and tells the
 * operator what to do.
 */
final class PlatformFault {

  private static final Pattern MISSING_LIBRARY =
      Pattern.compile("([\\w.+-]{1,100}): cannot open shared object file");

  private static final Pattern OLD_LIBRARY =
      Pattern.compile("version [`'\"]?((?:GLIBC|GLIBCXX|CXXABI)_[\\d.]{1,20})[`'\"]? not found");

  /** Causes that are looked at; a chain may be circular. */
  private static final int DEEPEST = 20;

  private PlatformFault() {}

  /** Returns a sentence about a failure; empty if the machine is not to blame for it. */
  static Optional<String> of(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < DEEPEST; i++, cause = cause.getCause()) {
      Optional<String> sentence = sentence(cause);
      if (sentence.isPresent()) {
        return sentence;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> sentence(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    Matcher missing = MISSING_LIBRARY.matcher(message);
    if (missing.find()) {
      return Optional.of(
          "The shared library %s is not installed; install the package that has it%s."
              .formatted(
                  missing.group(1),
                  missing.group(1).startsWith("libgomp") ? ", such as libgomp1" : ""));
    }
    Matcher old = OLD_LIBRARY.matcher(message);
    if (old.find()) {
      return Optional.of(
          "ONNX Runtime needs %s, and this system's C or C++ library is older; use a newer one."
              .formatted(old.group(1)));
    }
    if (lower.contains("failed to map segment")) {
      return Optional.of(
          folder(
              "is mounted noexec, so that no library can be loaded from it; mount it with exec,"));
    }
    if (lower.contains("no space left") || lower.contains("quota exceeded")) {
      return Optional.of(folder("has no space left; make room,"));
    }
    if (lower.contains("too many open files")) {
      return Optional.of(
          "The process may not open more files; raise its limit (ulimit -n) to 1024 or more.");
    }
    if (lower.contains("read-only file system") || cause instanceof ReadOnlyFileSystemException) {
      return Optional.of(folder("is read-only; make it writable,"));
    }
    if (cause instanceof AccessDeniedException denied && isTemporary(denied)) {
      return Optional.of(folder("cannot be written to by this user; change its permissions,"));
    }
    if (cause instanceof NoSuchFileException missingFile && isTemporary(missingFile)) {
      return Optional.of(folder("does not exist; create it,"));
    }
    return Optional.empty();
  }

  /** Returns whether the failure is about the folder for temporary files, not one of a model. */
  private static boolean isTemporary(FileSystemException failure) {
    return String.valueOf(failure.getFile()).startsWith(System.getProperty("java.io.tmpdir"));
  }

  private static String folder(String problem) {
    return "The folder for temporary files, %s, %s or set another with -Djava.io.tmpdir (or -D%s to the folder that holds ONNX Runtime's libraries)."
        .formatted(System.getProperty("java.io.tmpdir"), problem, NativeLibraries.PATH_PROPERTY);
  }
}
