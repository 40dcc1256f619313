package dev.glimpse.lifecycle;

import dev.glimpse.engine.PlatformFault;
import dev.glimpse.failure.Causes;
import dev.glimpse.failure.Printable;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Explains why the platform could not start, where the operator can do something about it. */
final class StartFault {

  private StartFault() {}

  /** Returns a sentence about a failed start; empty if it is not known what is wrong. */
  static Optional<String> of(Throwable failure) {
    return PlatformFault.of(failure)
        .or(() -> Causes.of(failure).map(StartFault::ofFile).flatMap(Optional::stream).findFirst())
        .map(Printable::of);
  }

  private static Optional<String> ofFile(Throwable cause) {
    if (cause instanceof NoSuchFileException missing) {
      return sentence(
          missing, "There is no file %s; add it, or correct the setting that names it.");
    }
    if (cause instanceof AccessDeniedException denied) {
      return sentence(denied, "This user may not use the file %s; change its permissions.");
    }
    return Optional.empty();
  }

  private static Optional<String> sentence(FileSystemException failure, String form) {
    return Optional.ofNullable(failure.getFile()).map(form::formatted);
  }
}
