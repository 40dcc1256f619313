package dev.glimpse.cache;

import dev.glimpse.postprocess.RankedClasses;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Holds one result, or the promise of a request that is working on it. */
public final class CacheEntry {

  private final ResultCache cache;
  private final Key key;
  private final CompletableFuture<RankedClasses> result;
  private final boolean isNew;

  CacheEntry(ResultCache cache, Key key, CompletableFuture<RankedClasses> result, boolean isNew) {
    this.cache = cache;
    this.key = key;
    this.result = result;
    this.isNew = isNew;
  }

  /**
   * Returns whether the caller has created the entry: then it must compute the result, and {@link
   * #settle} the entry in any event, because others wait for it.
   */
  public boolean isNew() {
    return isNew;
  }

  /**
   * Returns the result. If another request is working on it, its continuations run on that
   * request's thread, and it fails as that request does.
   */
  public CompletionStage<RankedClasses> result() {
    return result;
  }

  /**
   * Completes the entry; call it once, if the entry {@link #isNew}. A failure is passed to the
   * waiting requests, and is not cached.
   */
  public void settle(@Nullable RankedClasses answer, @Nullable Throwable failure) {
    if (failure == null) {
      result.complete(answer);
    } else {
      cache.drop(key, result); // first, so that a request that retries finds no entry
      result.completeExceptionally(failure);
    }
  }
}
