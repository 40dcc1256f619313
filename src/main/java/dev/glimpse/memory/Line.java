package dev.glimpse.memory;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lines up those that wait for the bytes of a budget and hold none of them yet. The next is of the
 * client that holds least, so that one which asks for much, by many requests at a time, does not
 * keep the others waiting; among equal clients it is the one that asked first, or last. Not
 * thread-safe.
 */
final class Line {

  /** Waits in line for bytes. */
  record Wait(Reservation owner, long bytes, CompletableFuture<Void> granted) {

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private final boolean latestFirst;
  private final Map<Object, Deque<Wait>> waiting = new LinkedHashMap<>();
  private final Map<Object, Long> held = new HashMap<>();
  private int size;

  /**
   * Creates an empty line.
   *
   * @param latestFirst whether those come first that asked last: those before them may have waited
   *     too long to be served in time anyway
   */
  Line(boolean latestFirst) {
    this.latestFirst = latestFirst;
  }

  int size() {
    return size;
  }

  void add(Wait wait) {
    Object client = wait.owner.client;
    Deque<Wait> own = waiting.get(client);
    if (own == null) {
      own = new ArrayDeque<>();
      waiting.put(client, own);
    }
    own.addLast(wait);
    size++;
  }

  /** Removes all that a reservation waits for. */
  void remove(Reservation owner) {
    Deque<Wait> own = waiting.get(owner.client);
    if (own != null) {
      int before = own.size();
      own.removeIf(wait -> wait.owner == owner);
      size -= before - own.size();
      removeIfEmpty(owner.client, own);
    }
  }

  void remove(Wait wait) {
    Deque<Wait> own = waiting.get(wait.owner.client);
    if (own != null && own.remove(wait)) {
      size--;
      removeIfEmpty(wait.owner.client, own);
    }
  }

  private void removeIfEmpty(Object client, Collection<Wait> own) {
    if (own.isEmpty()) {
      waiting.remove(client);
    }
  }

  /** Counts bytes that a client has been granted, or has released if they are below 0. */
  void granted(Object client, long bytes) {
    if (bytes != 0) {
      held.merge(client, bytes, (before, more) -> before + more == 0 ? null : before + more);
    }
  }

  /** Returns the bytes that a client holds. */
  long held(Object client) {
    return held.getOrDefault(client, 0L);
  }

  /** Returns the next; null if none waits. */
  @Nullable Wait first() {
    Deque<Wait> best = null;
    long least = Long.MAX_VALUE;
    for (Map.Entry<Object, Deque<Wait>> client : waiting.entrySet()) {
      long bytes = held(client.getKey());
      if (bytes < least || (latestFirst && bytes == least)) {
        least = bytes;
        best = client.getValue();
      }
    }
    return best == null ? null : best.peekFirst();
  }
}
