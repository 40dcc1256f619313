package dev.glimpse.results;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.results.JobFileReader.Head;
import dev.glimpse.results.JobFileReader.Written;
import dev.glimpse.results.Spool.Left;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Finds the jobs that an earlier process has left in a folder, and deletes what belongs to none.
 * Reads of each file its first line only, and of answers what describes them.
 */
final class LeftJobs {

  private static final Logger LOG = Logger.getLogger(LeftJobs.class);

  private final SpoolFolder folder;

  LeftJobs(SpoolFolder folder) {
    this.folder = folder;
  }

  /** Returns them in the order of their acceptance. */
  List<Left> find() {
    try {
      List<String> all = folder.names();
      Set<String> known = new HashSet<>(all);
      Set<String> done = new HashSet<>(ids(all, FolderSpool.DONE));
      for (String id : done) { // it has ended before these were deleted
        folder.delete(id + FolderSpool.JOB);
        folder.delete(id + FolderSpool.ANSWERS);
        folder.delete(id + FolderSpool.TAKINGS);
      }
      deleteAlone(all, known, done);
      return Stream.concat(
              ids(all, FolderSpool.JOB).stream()
                  .filter(id -> !done.contains(id))
                  .map(this::pending),
              done.stream().map(id -> finished(id, known.contains(id + FolderSpool.SENT))))
          .flatMap(Optional::stream)
          .sorted(Comparator.comparingLong(left -> left.job().accepted()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void deleteAlone(List<String> all, Set<String> known, Set<String> done)
      throws IOException {
    for (String name : all) {
      String id = name.substring(0, Math.max(0, name.lastIndexOf('.')));
      boolean ofJob = name.endsWith(FolderSpool.ANSWERS) || name.endsWith(FolderSpool.TAKINGS);
      boolean alone = ofJob && !known.contains(id + FolderSpool.JOB);
      if (alone || (name.endsWith(FolderSpool.SENT) && !done.contains(id))) {
        folder.delete(name);
      }
    }
  }

  private static List<String> ids(List<String> names, String suffix) {
    return names.stream()
        .filter(name -> name.endsWith(suffix))
        .map(name -> name.substring(0, name.length() - suffix.length()))
        .filter(JobIds::isId)
        .toList();
  }

  private Optional<Left> pending(String id) {
    try {
      Head head = folder.head(id + FolderSpool.JOB);
      Job job = JobFormat.job(head.json());
      return Optional.of(new Left(job, head.rest(), answered(id), Optional.empty(), false));
    } catch (IOException e) {
      unreadable(id + FolderSpool.JOB, e);
      return Optional.empty();
    }
  }

  /** Counts the answers, and cuts off one that was not written to its end. */
  private int answered(String id) throws IOException {
    String name = id + FolderSpool.ANSWERS;
    if (!folder.has(name)) {
      return 0;
    }
    Written written = folder.answers(name);
    if (written.bytes() < folder.length(name)) {
      folder.truncate(name, written.bytes());
    }
    return written.images();
  }

  private Optional<Left> finished(String id, boolean sent) {
    try {
      Head head = folder.head(id + FolderSpool.DONE);
      JsonNode json = head.json();
      Job job = JobFormat.job(json.path("job"));
      return Optional.of(
          new Left(
              job, head.rest(), job.images(), Optional.of(json.path("finished").asLong()), sent));
    } catch (IOException e) {
      unreadable(id + FolderSpool.DONE, e);
      return Optional.empty();
    }
  }

  private static void unreadable(String name, IOException e) {
    LOG.errorf("The job in the file %s is left out, as it cannot be read: %s", name, e);
  }
}
