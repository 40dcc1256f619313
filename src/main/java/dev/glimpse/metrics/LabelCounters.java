package dev.glimpse.metrics;

import dev.glimpse.failure.Printable;
import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts the predictions of a model by label, in a bounded number of counters: a model may have
 * thousands of classes, and each counter is a time series.
 *
 * <p>Of a model with up to a hundred classes, each label has its own. Of a larger one, the first
 * fifty labels get one, and then those that make up a hundredth of the predictions, until there are
 * a hundred; all others are counted together. A label that has a counter keeps it, so that no
 * counter ever falls. Thread-safe.
 */
final class LabelCounters {

  /** How many labels have counters of their own, at most. */
  static final int MOST = 100;

  /** How many labels of a larger model get a counter with their first prediction. */
  static final int AT_ONCE = 50;

  /** The label of all that have no counter of their own. */
  static final String OTHER = "other";

  /** The least share of a label that gets a counter later: one in so many predictions. */
  private static final int ONE_IN = 100;

  /** The least predictions of such a label, as the first few say nothing about its share. */
  private static final int LEAST = 10;

  /** How many labels without a counter are told apart; further ones do not get one. */
  private static final int MOST_WAITING = 30_000;

  /** The longest label, in characters. */
  private static final int LONGEST = 100;

  private final int atOnce;
  private final Function<String, Counter> register;
  private final Map<String, Counter> own = new ConcurrentHashMap<>();
  private final LongAdder all = new LongAdder();

  /** The predictions of labels without a counter. Guarded by this. */
  private final Map<String, Integer> waiting = new HashMap<>();

  private volatile @Nullable Counter other;

  /**
   * Creates no counter yet.
   *
   * @param classes how many the model has
   * @param register returns the counter for the value of a tag, the same one for the same value
   */
  LabelCounters(int classes, Function<String, Counter> register) {
    this.atOnce = classes <= MOST ? MOST : AT_ONCE;
    this.register = register;
  }

  /** Counts a prediction. */
  void count(String label) {
    all.increment();
    Counter counter = own.get(label);
    (counter == null ? counterOf(label) : counter).increment();
  }

  private Counter counterOf(String label) {
    if (own.size() < MOST) {
      Counter given = given(label);
      if (given != null) {
        return given;
      }
    }
    Counter shared = other;
    if (shared == null) {
      shared = register.apply(OTHER);
      other = shared;
    }
    return shared;
  }

  /** Gives a label a counter, if it is its turn. */
  private synchronized @Nullable Counter given(String label) {
    Counter known = own.get(label);
    if (known == null && own.size() < MOST && (own.size() < atOnce || isFrequent(label))) {
      known = register.apply(tag(label));
      own.put(label, known);
      waiting.remove(label);
    }
    return known;
  }

  private boolean isFrequent(String label) {
    if (waiting.size() >= MOST_WAITING && !waiting.containsKey(label)) {
      return false;
    }
    int seen = waiting.merge(label, 1, Integer::sum);
    return seen >= LEAST && (long) seen * ONE_IN >= all.sum();
  }

  /** Returns a label as a value that is short, visible and not empty. */
  static String tag(String label) {
    if (label.isBlank()) {
      return "(empty)";
    }
    if (label.length() <= LONGEST) {
      return Printable.of(label);
    }
    int end = Character.isHighSurrogate(label.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return Printable.of(label.substring(0, end)) + "…";
  }
}
