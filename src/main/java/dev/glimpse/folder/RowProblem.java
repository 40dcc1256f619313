package dev.glimpse.folder;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;

/**
 * Says why an image was not classified, or not sorted.
 *
 * @param code for programs; that of the service's problem, where the service would have it too
 * @param detail a sentence for people
 */
public record RowProblem(String code, String detail) {

  private static final String UNREADABLE = "unreadable-file";

  static RowProblem of(ServingException e) {
    return new RowProblem(e.failure().code(), e.detail());
  }

  static RowProblem of(Failure failure, String detail) {
    return new RowProblem(failure.code(), detail);
  }

  static RowProblem missing() {
    return new RowProblem(
        Failure.NOT_FOUND.code(), "There is no such file, or it may not be looked for.");
  }

  static RowProblem notAFile() {
    return new RowProblem(UNREADABLE, "It is no regular file.");
  }

  static RowProblem unreadable() {
    return new RowProblem(UNREADABLE, "The file cannot be read; check its permissions.");
  }

  static RowProblem unlisted() {
    return new RowProblem(UNREADABLE, "The folder cannot be listed; check its permissions.");
  }

  static RowProblem notSorted(String detail) {
    return new RowProblem("not-sorted", detail);
  }
}
