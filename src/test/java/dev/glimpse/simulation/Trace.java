package dev.glimpse.simulation;

import java.util.ArrayList;
import java.util.List;

/** Records what happened in a run, line by line. */
final class Trace {

  private final List<String> lines = new ArrayList<>();
  private long hash;

  void add(long nanos, String thread, String what) {
    String line = nanos / 1000 + " us  " + thread + "  " + what;
    lines.add(line);
    mix(line.hashCode());
  }

  /** Adds a number that has no line, such as a choice between threads. */
  void mix(int number) {
    hash = hash * 31 + number;
  }

  /** Returns a number that differs, in all likelihood, if anything went another way. */
  long hash() {
    return hash;
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
