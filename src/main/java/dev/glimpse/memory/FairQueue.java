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
 * Queues requests that wait for bytes of a budget and hold none yet. The next one is of the network
 * that holds least, and within it of the client that holds least, so that a client that wants much,
 * by many connections or many requests at a time, does not keep the others waiting. Among equals it
 * is the one that has waited longest, or shortest. Every method takes time that grows with the
 * logarithm of the number of waiting clients. Not thread-safe.
 */
final class FairQueue {

  /** A request for bytes that has not been granted. */
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

  /** A place in the queue. */
  abstract static sealed class Place {

    long held;

    /** In the order in which places began to wait, from 1. */
    long number;
  }

  /** A network with clients. */
  private static final class Network extends Place {

    private final NavigableSet<Client> waiting;
    private int clients;
    private int waits;

    private Network(Comparator<Place> order) {
      this.waiting = new TreeSet<>(order);
    }
  }

  /** A client that holds bytes or waits for some. */
  private static final class Client extends Place {

    private final Network network;
    private final Set<Wait> waits = new LinkedHashSet<>();

    private Client(Network network) {
      this.network = network;
    }
  }

  private static final Comparator<Place> LEAST_FIRST =
      Comparator.comparingLong(place -> place.held);

  /** Among those that hold as much, the one that asked first is first. */
  static final Comparator<Place> EARLIEST_FIRST =
      LEAST_FIRST.thenComparingLong(place -> place.number);

  /**
   * Among those that hold as much, the one that asked last is first: those before it may have
   * waited too long to be served in time anyway.
   */
  static final Comparator<Place> LATEST_FIRST =
      LEAST_FIRST.thenComparingLong(place -> -place.number);

  private final Comparator<Place> order;
  private final Map<Object, Network> networks = new HashMap<>();
  private final Map<Object, Client> clients = new HashMap<>();

  /** A network or a client is taken out before it changes, and put back at its new place. */
  private final NavigableSet<Network> waiting;

  private long begun;
  private int size;

  /** Creates an empty queue, in the order {@link #EARLIEST_FIRST} or {@link #LATEST_FIRST}. */
  FairQueue(Comparator<Place> order) {
    this.order = order;
    this.waiting = new TreeSet<>(order);
  }

  int size() {
    return size;
  }

  void add(Wait wait) {
    Client client = clientOf(wait.owner());
    if (client.waits.isEmpty()) {
      leave(client);
      client.number = ++begun;
      client.waits.add(wait);
      enter(client);
    } else {
      client.waits.add(wait);
    }
    client.network.waits++;
    size++;
  }

  /** Removes one, if it waits here. */
  void remove(Wait wait) {
    Client client = clients.get(wait.owner().client);
    if (client == null || !client.waits.contains(wait)) {
      return;
    }
    size--;
    client.network.waits--;
    leave(client);
    client.waits.remove(wait);
    enter(client);
    forgetIfDone(wait.owner(), client);
  }

  /** Counts bytes that have been granted, or released if they are below 0. */
  void granted(Reservation owner, long bytes) {
    if (bytes == 0) {
      return;
    }
    Client client = clientOf(owner);
    leave(client);
    client.held += bytes;
    client.network.held += bytes;
    enter(client);
    forgetIfDone(owner, client);
  }

  private Client clientOf(Reservation owner) {
    return clients.computeIfAbsent(
        owner.client,
        added -> {
          Network network = networks.computeIfAbsent(owner.network, unknown -> new Network(order));
          network.clients++;
          return new Client(network);
        });
  }

  /** Takes a client and its network out of the queue, as they are about to change. */
  private void leave(Client client) {
    waiting.remove(client.network);
    client.network.waiting.remove(client);
  }

  /** Puts a client and its network where they belong, if they wait. */
  private void enter(Client client) {
    if (!client.waits.isEmpty()) {
      client.network.waiting.add(client);
    }
    if (!client.network.waiting.isEmpty()) {
      client.network.number = client.network.waiting.first().number;
      waiting.add(client.network);
    }
  }

  private void forgetIfDone(Reservation owner, Client client) {
    if (client.held == 0 && client.waits.isEmpty()) {
      clients.remove(owner.client);
      if (--client.network.clients == 0) {
        networks.remove(owner.network);
      }
    }
  }

  /** Returns the bytes that a client holds. */
  long held(Object key) {
    Client client = clients.get(key);
    return client == null ? 0 : client.held;
  }

  /** Returns how many requests of a network wait. */
  int waiting(Object key) {
    Network network = networks.get(key);
    return network == null ? 0 : network.waits;
  }

  /** Returns the next one; null if none waits. */
  @Nullable Wait first() {
    if (waiting.isEmpty()) {
      return null;
    }
    Iterator<Wait> waits = waiting.first().waiting.first().waits.iterator();
    return waits.next();
  }
}
