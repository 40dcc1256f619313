package dev.glimpse.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fails like a broken disk when a test says so. */
final class BrokenSpool implements Spool {

  final List<String> sent = new ArrayList<>();
  final List<String> removed = new ArrayList<>();
  boolean fails;

  /** Whether it keeps no results. */
  boolean full;

  int refused;
  boolean closed;
  private final MemorySpool memory = new MemorySpool();

  private MemorySpool disk() {
    if (fails) {
      throw new UncheckedIOException(new IOException("broken"));
    }
    return memory;
  }

  @Override
  public List<Left> left() {
    return memory.left();
  }

  @Override
  public void add(Job job, byte[] body) {
    memory.add(job, body);
  }

  @Override
  public byte[] body(Job job) {
    return disk().body(job);
  }

  @Override
  public Map<Integer, StoredResponse> answers(Job job) {
    return memory.answers(job);
  }

  @Override
  public int countTaking(Job job) {
    return memory.countTaking(job);
  }

  @Override
  public void clearTakings(Job job) {
    memory.clearTakings(job);
  }

  @Override
  public void answer(Job job, int image, StoredResponse answer) {
    memory.answer(job, image, answer);
  }

  @Override
  public void finish(Job job, long finished, StoredResponse whole) {
    if (full) {
      refused++;
      throw new UncheckedIOException(new IOException("full"));
    }
    memory.finish(job, finished, whole);
  }

  @Override
  public StoredResponse result(Job job) {
    return disk().result(job);
  }

  @Override
  public void sent(Job job) {
    disk();
    sent.add(job.id());
  }

  @Override
  public void remove(Job job) {
    disk().remove(job);
    removed.add(job.id());
  }

  @Override
  public boolean isDurable() {
    return memory.isDurable();
  }

  @Override
  public void close() {
    closed = true;
    memory.close();
  }
}
