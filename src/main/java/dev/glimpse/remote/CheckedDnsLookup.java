package dev.glimpse.remote;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.threads.DaemonThreads;
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
 * Resolves host names on a few threads of its own, because the system's resolver blocks, and checks
 * every address. Any thread may call it; closing it stops the threads.
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
            DaemonThreads.named("glimpse-lookup"));
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Returns the addresses of a host. Connect to these: a second look-up may return others.
   *
   * @return at least one; fails with an {@link UnknownHostException} if there is none, or if one of
   *     them is not public; with a {@link ServingException} OVERLOADED if too many look-ups wait
   */
  CompletableFuture<List<InetAddress>> addresses(String host) {
    try {
      return CompletableFuture.supplyAsync(() -> checked(host), threads);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new ServingException(
              Failure.OVERLOADED, "Too many host names are being resolved; try again soon.", e));
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
