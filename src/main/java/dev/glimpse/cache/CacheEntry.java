package dev.glimpse.cache;

import dev.glimpse.postprocess.Classification;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The place of one answer: it is there, or somebody works it out. */
public final class CacheEntry {

  private final ResultCache cache;
  private final Key key;
  private final CompletableFuture<List<Classification>> answer;
  private final boolean ours;

  CacheEntry(
      ResultCache cache, Key key, CompletableFuture<List<Classification>> answer, boolean ours) {
    this.cache = cache;
    this.key = key;
    this.answer = answer;
    this.ours = ours;
  }

  /**
   * Whether it is for the caller to work the answer out, and to {@link #settle} the slot in any
   * event: others wait for it.
   */
  public boolean ours() {
    return ours;
  }

  /**
   * The answer. If somebody else works it out, what comes after it runs on their thread, and it
   * fails with what their work fails with.
   */
  public CompletionStage<List<Classification>> answer() {
    return answer;
  }

  /**
   * Fills the slot; to be called once, if it is ours. A failure goes to those who wait, and is not
   * kept.
   */
  public void settle(@Nullable List<Classification> classifications, @Nullable Throwable failure) {
    if (failure == null) {
      answer.complete(classifications);
    } else {
      cache.drop(key, answer); // first, so that whoever hears of it finds the place free
      answer.completeExceptionally(failure);
    }
  }
}
