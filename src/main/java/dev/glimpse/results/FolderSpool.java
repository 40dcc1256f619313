package dev.glimpse.results;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.results.JobFormat.Framed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps jobs as files, so that they outlive the process: {@code id.job} with the request until its
 * last image is answered, {@code id.answers} with the answers so far, and {@code id.done} with the
 * result, after which the others are deleted; {@code id.sent} says that the result was sent, and
 * {@code id.takings} has a byte for each time that work on the job was begun. A file that counts is
 * written under another name, brought to the disk, and renamed, so it is whole or is not there.
 * Answers to images are only appended: what is lost of them is worked on again.
 */
final class FolderSpool implements Spool {

  private static final Logger LOG = Logger.getLogger(FolderSpool.class);

  private static final String JOB = ".job";
  private static final String ANSWERS = ".answers";
  private static final String DONE = ".done";
  private static final String SENT = ".sent";
  private static final String TAKINGS = ".takings";

  private final SpoolFolder folder;

  /** Takes a folder over, and deletes what a process has not finished writing. */
  FolderSpool(SpoolFolder folder) {
    this.folder = folder;
  }

  @Override
  public List<Left> left() {
    try {
      List<String> all = folder.names();
      Set<String> known = new HashSet<>(all);
      Set<String> done = new HashSet<>(ids(all, DONE));
      for (String id : done) { // it has ended before these were deleted
        delete(id, JOB, ANSWERS, TAKINGS);
      }
      for (String name : all) {
        String id = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        boolean alone =
            (name.endsWith(ANSWERS) || name.endsWith(TAKINGS)) && !known.contains(id + JOB);
        if (alone || (name.endsWith(SENT) && !done.contains(id))) {
          folder.delete(name);
        }
      }
      return Stream.concat(
              ids(all, JOB).stream().filter(id -> !done.contains(id)).map(this::pending),
              done.stream().map(id -> finished(id, known.contains(id + SENT))))
          .flatMap(Optional::stream)
          .sorted(Comparator.comparingLong(left -> left.job().accepted()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    Framed framed = readable(id + JOB);
    if (framed == null) {
      return Optional.empty();
    }
    try {
      Map<Integer, StoredResponse> answers = new HashMap<>();
      byte[] written = folder.has(id + ANSWERS) ? folder.read(id + ANSWERS) : new byte[0];
      int whole = JobFormat.answers(written, answers);
      if (whole < written.length) {
        folder.truncate(id + ANSWERS, whole);
      }
      return Optional.of(
          new Left(
              JobFormat.job(framed.head()),
              framed.body().length,
              answers.size(),
              Optional.empty(),
              false));
    } catch (IOException e) {
      unreadable(id + JOB, e);
      return Optional.empty();
    }
  }

  private Optional<Left> finished(String id, boolean sent) {
    Framed framed = readable(id + DONE);
    if (framed == null) {
      return Optional.empty();
    }
    try {
      JsonNode head = framed.head();
      Job job = JobFormat.job(head.path("job"));
      return Optional.of(
          new Left(
              job,
              framed.body().length,
              job.images(),
              Optional.of(head.path("finished").asLong()),
              sent));
    } catch (IOException e) {
      unreadable(id + DONE, e);
      return Optional.empty();
    }
  }

  private @Nullable Framed readable(String name) {
    try {
      return JobFormat.unframe(folder.read(name));
    } catch (IOException e) {
      unreadable(name, e);
      return null;
    }
  }

  private static void unreadable(String name, IOException e) {
    LOG.errorf("The job in the file %s is left out, as it cannot be read: %s", name, e);
  }

  @Override
  public void add(Job job, byte[] body) {
    write(job.id() + JOB, JobFormat.frame(JobFormat.write(job), body));
  }

  private void write(String name, byte[] content) {
    try {
      folder.write(name, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] body(Job job) {
    return read(job.id() + JOB).body();
  }

  private Framed read(String name) {
    try {
      return JobFormat.unframe(folder.read(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<Integer, StoredResponse> answers(Job job) {
    Map<Integer, StoredResponse> answers = new HashMap<>();
    String name = job.id() + ANSWERS;
    try {
      if (folder.has(name)) {
        JobFormat.answers(folder.read(name), answers);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answers;
  }

  @Override
  public int countTaking(Job job) {
    try {
      folder.append(job.id() + TAKINGS, new byte[1]);
      return folder.length(job.id() + TAKINGS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void clearTakings(Job job) {
    delete(job.id(), TAKINGS);
  }

  @Override
  public void answer(Job job, int image, StoredResponse answer) {
    try {
      folder.append(job.id() + ANSWERS, JobFormat.write(image, answer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void finish(Job job, long finished, StoredResponse whole) {
    write(
        job.id() + DONE,
        JobFormat.frame(
            JobFormat.head(whole).put("finished", finished).set("job", JobFormat.write(job)),
            whole.body()));
    delete(job.id(), JOB, ANSWERS, TAKINGS);
  }

  @Override
  public StoredResponse result(Job job) {
    Framed framed = read(job.id() + DONE);
    return JobFormat.answer(framed.head(), framed.body());
  }

  @Override
  public void sent(Job job) {
    try {
      folder.append(job.id() + SENT, new byte[0]); // at once: it need not be on the disk to outlive
    } catch (IOException e) { // a process that is killed
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void remove(Job job) {
    delete(job.id(), JOB, ANSWERS, TAKINGS, DONE, SENT);
  }

  private void delete(String id, String... suffixes) {
    try {
      for (String suffix : suffixes) {
        folder.delete(id + suffix);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public void close() {
    folder.close();
  }
}
