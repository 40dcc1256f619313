package dev.glimpse.results;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Keeps jobs on the Java heap, for as long as the process lives. */
final class MemorySpool implements Spool {

  private final Map<String, byte[]> bodies = new HashMap<>();
  private final Map<String, StoredResponse> results = new HashMap<>();

  @Override
  public List<Left> left() {
    return List.of();
  }

  @Override
  public void add(Job job, byte[] body) {
    bodies.put(job.id(), body);
  }

  @Override
  public byte[] body(Job job) {
    return Objects.requireNonNull(bodies.get(job.id()), "a pending job has a body");
  }

  @Override
  public Map<Integer, StoredResponse> answers(Job job) {
    return Map.of();
  }

  @Override
  public int countTaking(Job job) {
    return 1;
  }

  @Override
  public void clearTakings(Job job) {}

  @Override
  public void answer(Job job, int image, StoredResponse answer) {}

  @Override
  public void finish(Job job, long finished, StoredResponse whole) {
    bodies.remove(job.id());
    results.put(job.id(), whole);
  }

  @Override
  public StoredResponse result(Job job) {
    return Objects.requireNonNull(results.get(job.id()), "a finished job has a result");
  }

  @Override
  public void sent(Job job) {}

  @Override
  public void remove(Job job) {
    bodies.remove(job.id());
    results.remove(job.id());
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public void close() {}
}
