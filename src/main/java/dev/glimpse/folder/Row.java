package dev.glimpse.folder;

import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.GroupScore;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.postprocess.Uncertainty;
import java.util.List;
import java.util.Optional;

/**
 * Holds what came of one file.
 *
 * @param file its name; see {@link FileNames}
 * @param best its classes, best first; empty if it was not classified
 * @param uncertainty why the best class is not to be trusted; empty if it is
 * @param groups the best groups of classes, best first
 * @param sortedTo where it is put, relative to the folder that is sorted into
 * @param problem why it was not classified, or not sorted
 */
public record Row(
    String file,
    List<Classification> best,
    Optional<Uncertainty> uncertainty,
    List<GroupScore> groups,
    Optional<String> sortedTo,
    Optional<RowProblem> problem) {

  static Row failed(String file, RowProblem problem) {
    return of(file, RankedClasses.of(List.of())).withProblem(problem);
  }

  static Row of(String file, RankedClasses answer) {
    return new Row(
        file,
        answer.best(),
        answer.uncertainty(),
        answer.groups(),
        Optional.empty(),
        Optional.empty());
  }

  Row sorted(String to) {
    return new Row(file, best, uncertainty, groups, Optional.of(to), problem);
  }

  Row withProblem(RowProblem found) {
    return new Row(file, best, uncertainty, groups, Optional.empty(), Optional.of(found));
  }

  boolean uncertain() {
    return uncertainty.isPresent();
  }
}
