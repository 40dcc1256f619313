package dev.glimpse.results;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers when owners of jobs had their last turns, also of those that have no job at work: else
 * one with many small jobs would begin anew with each, before all others. Confined to the {@link
 * ResultsThread}.
 */
final class OwnerTurns {

  /** More owners are not remembered: those go whose last turn is the longest ago. */
  static final int MOST = 1000;

  /** The number of each owner's last turn, the longest ago first. */
  private final Map<String, Long> turns = new LinkedHashMap<>();

  private long turn;

  /** Notes that an owner has a turn now. */
  void next(String owner) {
    turns.remove(owner);
    turns.put(owner, ++turn);
    if (turns.size() > MOST) {
      turns.remove(turns.keySet().iterator().next());
    }
  }

  /** Returns the number of an owner's last turn; 0 of one that had none, which is next, once. */
  long last(String owner) {
    return turns.getOrDefault(owner, 0L);
  }

  /** Returns the owners that are known, that with the longest time since its turn first. */
  List<String> known() {
    return List.copyOf(turns.keySet());
  }
}
