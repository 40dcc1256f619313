package dev.glimpse.folder;

import dev.glimpse.postprocess.Classification;
import java.util.List;
import java.util.Optional;

/**
 * Holds what came of one file.
 *
 * @param file its name; see {@link FileNames}
 * @param best its classes, best first; empty if it was not classified
 * @param uncertain whether the best score is below the threshold
 * @param sortedTo where it is put, relative to the folder that is sorted into
 * @param problem why it was not classified, or not sorted
 */
public record Row(
    String file,
    List<Classification> best,
    boolean uncertain,
    Optional<String> sortedTo,
    Optional<RowProblem> problem) {

  static Row failed(String file, RowProblem problem) {
    return new Row(file, List.of(), false, Optional.empty(), Optional.of(problem));
  }

  static Row of(String file, List<Classification> best, boolean uncertain) {
    return new Row(file, best, uncertain, Optional.empty(), Optional.empty());
  }

  Row sorted(String to) {
    return new Row(file, best, uncertain, Optional.of(to), problem);
  }

  Row withProblem(RowProblem found) {
    return new Row(file, best, uncertain, Optional.empty(), Optional.of(found));
  }
}
