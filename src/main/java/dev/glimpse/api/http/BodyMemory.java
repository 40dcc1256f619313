package dev.glimpse.api.http;

import dev.glimpse.bytes.ArrivingBytes;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import java.util.concurrent.CompletableFuture;

/**
 * Reserves the memory of one body in two steps: little for its first bytes, and the rest when these
 * have arrived. A client that announces much and sends nothing holds little, and small bodies never
 * wait behind large ones. Any thread may close it.
 */
final class BodyMemory implements AutoCloseable {

  /** What a request costs beside its body. */
  private static final long LEAST = 16 << 10;

  /** The initial window of a stream of HTTP/2: of a larger body, no more comes before it grows. */
  private static final int WINDOW = ArrivingBytes.FIRST_BYTES - 1;

  private final RequestMemory budgets;
  private final Object network;
  private long announced;
  private final Reservation first;
  private final Reservation rest;

  /**
   * Reserves nothing yet.
   *
   * @param network is the client's
   * @param client sends the body, over a connection
   * @param announced the body's bytes; below 0 if they are not known
   */
  BodyMemory(RequestMemory budgets, Object network, Object client, long announced) {
    this.budgets = budgets;
    this.network = network;
    this.announced = announced;
    this.first = budgets.firstBytes().open(network, client);
    this.rest = budgets.bodies().open(network, client);
  }

  /** Sets how many bytes the body has, where only its first ones say so. */
  void announce(long bytes) {
    announced = bytes;
  }

  /** Returns how many bytes the body has; below 0 if that is not known. */
  long announced() {
    return announced;
  }

  /** Returns the client's network. */
  Object network() {
    return network;
  }

  /** Takes memory for the first bytes. */
  CompletableFuture<Void> takeFirst() {
    long most = ArrivingBytes.FIRST_BYTES;
    return first.take(announced < 0 ? most : Math.max(Math.min(announced, most), LEAST));
  }

  /**
   * Returns how many bytes more have to be taken before the next bytes are appended; 0 or less if
   * none.
   */
  long missing(ArrivingBytes bytes, int more) {
    long arrived = bytes.length() + (long) more;
    if (arrived < WINDOW || (arrived <= ArrivingBytes.FIRST_BYTES && !isLarge())) {
      return 0;
    }
    return (announced < 0 ? bytes.bytesToAppend(more) : announced) - rest.bytes();
  }

  /** Returns whether the body is known to have more than its first bytes. */
  private boolean isLarge() {
    return announced > ArrivingBytes.FIRST_BYTES;
  }

  /** Takes more memory, beyond that for the first bytes. */
  CompletableFuture<Void> takeMore(long more) {
    return rest.take(more);
  }

  /**
   * Returns how many bytes more a body that has arrived needs; 0 or less if none.
   *
   * @param decompressed the most bytes that it has without its content coding
   */
  long missing(int decompressed) {
    long needed =
        decompressed <= ArrivingBytes.FIRST_BYTES ? 0 : Math.min(decompressed, rest.most());
    return needed - rest.bytes();
  }

  /**
   * Takes what a body that has arrived still needs, and releases what it does not need.
   *
   * @param decompressed the most bytes that it has without its content coding
   * @return completed as {@link Reservation#take} says
   */
  CompletableFuture<Void> keep(int decompressed) {
    long missing = missing(decompressed);
    if (missing > 0) {
      return rest.take(missing);
    }
    rest.keep(decompressed);
    return CompletableFuture.completedFuture(null);
  }

  /** Returns the bytes that it holds of a budget. */
  long bytes(MemoryBudget budget) {
    return budget == budgets.firstBytes() ? first.bytes() : rest.bytes();
  }

  /** Releases all of it, and what it waits for. */
  @Override
  public void close() {
    first.close();
    rest.close();
  }
}
