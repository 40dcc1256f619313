package dev.glimpse.memory;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lines up those that wait for the bytes of a budget and hold none of them yet. The next is of the
 * client that holds least, so that one which asks for much, by many requests at a time, does not
 * keep the others waiting; among equal clients it is the one that asked first, or last. Every
 * method takes time that grows with the logarithm of the waiting clients. Not thread-safe.
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

  /** Is a client that holds bytes or waits for some. */
  static final class Client {

    private final Set<Wait> waits = new LinkedHashSet<>();
    private long held;

    /** Its place among those that began to wait, from 1. */
    private long number;
  }

  private static final Comparator<Client> LEAST_FIRST =
      Comparator.comparingLong(client -> client.held);

  /** Among clients that hold as much, the one that asked first is first. */
  static final Comparator<Client> EARLIEST_FIRST =
      LEAST_FIRST.thenComparingLong(client -> client.number);

  /**
   * Among clients that hold as much, the one that asked last is first: those before it may have
   * waited too long to be served in time anyway.
   */
  static final Comparator<Client> LATEST_FIRST =
      LEAST_FIRST.thenComparingLong(client -> -client.number);

  private final Map<Object, Client> clients = new HashMap<>();

  /** A client is taken out before it changes, and put back at its new place. */
  private final NavigableSet<Client> waiting;

  private long begun;
  private int size;

  /** Creates an empty line, of {@link #EARLIEST_FIRST} or {@link #LATEST_FIRST}. */
  Line(Comparator<Client> order) {
    this.waiting = new TreeSet<>(order);
  }

  int size() {
    return size;
  }

  void add(Wait wait) {
    Client client = clients.computeIfAbsent(wait.owner().client, key -> new Client());
    if (client.waits.isEmpty()) {
      client.number = ++begun;
      waiting.add(client);
    }
    client.waits.add(wait);
    size++;
  }

  /** Removes one, if it waits here. */
  void remove(Wait wait) {
    Object key = wait.owner().client;
    Client client = clients.get(key);
    if (client == null || !client.waits.remove(wait)) {
      return;
    }
    size--;
    if (client.waits.isEmpty()) {
      waiting.remove(client);
      forgetIfDone(key, client);
    }
  }

  /** Counts bytes that a client has been granted, or has released if they are below 0. */
  void granted(Object key, long bytes) {
    if (bytes == 0) {
      return;
    }
    Client client = clients.computeIfAbsent(key, added -> new Client());
    boolean waits = !client.waits.isEmpty();
    if (waits) {
      waiting.remove(client);
    }
    client.held += bytes;
    if (waits) {
      waiting.add(client);
    }
    forgetIfDone(key, client);
  }

  private void forgetIfDone(Object key, Client client) {
    if (client.held == 0 && client.waits.isEmpty()) {
      clients.remove(key);
    }
  }

  /** Returns the bytes that a client holds. */
  long held(Object key) {
    Client client = clients.get(key);
    return client == null ? 0 : client.held;
  }

  /** Returns the next; null if none waits. */
  @Nullable Wait first() {
    if (waiting.isEmpty()) {
      return null;
    }
    Iterator<Wait> waits = waiting.first().waits.iterator();
    return waits.next();
  }
}
