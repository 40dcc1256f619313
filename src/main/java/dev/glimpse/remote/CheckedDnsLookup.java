package dev.glimpse.remote;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks hosts up on a few threads of its own, as the system's look-ups block, and checks every
 * address that comes of it.
 */
final class CheckedDnsLookup implements AutoCloseable {

  private static final int THREADS = 8;
  private static final int WAITING = 256;
  private static final int IDLE_SECONDS = 10;

  private final DnsResolver names;
  private final AddressRules rules;
  private final ThreadPoolExecutor threads;

  CheckedDnsLookup(DnsResolver names, AddressRules rules) {
    this.names = names;
    this.rules = rules;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread thread = new Thread(task, "glimpse-lookup");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * The addresses of a host, once and for all: who looks again may hear something else.
   *
   * @return at least one; fails with whatever if there is none, or if one of them is not public;
   *     with a {@link ServingException} OVERLOADED if too many are being looked up
   */
  CompletableFuture<List<InetAddress>> addresses(String host) {
    try {
      return CompletableFuture.supplyAsync(() -> checked(host), threads);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new ServingException(
              Failure.OVERLOADED, "Too many hosts are being looked up; try again soon.", e));
    }
  }

  private List<InetAddress> checked(String host) {
    try {
      List<InetAddress> plain = new ArrayList<>();
      for (InetAddress address : names.addresses(host)) {
        InetAddress nameless = InetAddress.getByAddress(address.getAddress());
        if (!rules.allows(nameless)) {
          throw new UnknownHostException("One of the addresses is not public.");
        }
        plain.add(nameless);
      }
      if (plain.isEmpty()) {
        throw new UnknownHostException("There are no addresses.");
      }
      return plain;
    } catch (UnknownHostException e) {
      throw new CompletionException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
