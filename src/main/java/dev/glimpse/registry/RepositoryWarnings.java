package dev.glimpse.registry;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Selects the warnings about the repository that are to be logged: each once for as long as it
 * applies, not at every poll. Thread-safe.
 */
final class RepositoryWarnings {

  /** Sentences that are logged at a time; a repository may hold thousands of folders. */
  static final int MOST_LINES = 20;

  /** Guarded by this. */
  private Set<String> known = Set.of();

  /**
   * Returns the warnings that are new since the last call.
   *
   * @param now all warnings at present
   * @return at most {@link #MOST_LINES}, and a line with the number of the others
   */
  synchronized List<String> added(List<String> now) {
    List<String> added = now.stream().filter(warning -> !known.contains(warning)).toList();
    known = Set.copyOf(now);
    return firstOf(added);
  }

  /** Returns as many sentences as an operator reads, and the number of the others. */
  static List<String> firstOf(List<String> sentences) {
    return sentences.size() <= MOST_LINES
        ? sentences
        : Stream.concat(
                sentences.stream().limit(MOST_LINES),
                Stream.of("And %d more such folders.".formatted(sentences.size() - MOST_LINES)))
            .toList();
  }
}
