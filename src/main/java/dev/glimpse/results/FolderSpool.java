package dev.glimpse.results;

import dev.glimpse.results.JobFormat.Framed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps jobs as files, so that they outlive the process: {@code id.job} with the request until its
 * last image is answered, {@code id.answers} with the answers so far, and {@code id.done} with the
 * result, after which the others are deleted; {@code id.sent} says that the result was sent, and
 * {@code id.takings} has a byte for each time that work on the job was begun. A file that counts is
 * written under another name, brought to the disk, and renamed, so it is whole or is not there.
 * Answers to images are only appended: what is lost of them is worked on again.
 */
final class FolderSpool implements Spool {

  static final String JOB = ".job";
  static final String ANSWERS = ".answers";
  static final String DONE = ".done";
  static final String SENT = ".sent";
  static final String TAKINGS = ".takings";

  private final SpoolFolder folder;

  /** Takes a folder over, and deletes what a process has not finished writing. */
  FolderSpool(SpoolFolder folder) {
    this.folder = folder;
  }

  @Override
  public List<Left> left() {
    return new LeftJobs(folder).find();
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
