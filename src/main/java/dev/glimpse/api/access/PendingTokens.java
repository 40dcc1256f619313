package dev.glimpse.api.access;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds the tokens that wait to be verified, those of one client address first: a flood of forged
 * ones keeps no caller from another address waiting, and takes little memory. Thread-safe.
 */
final class PendingTokens {

  /** Takes two threads some tens of milliseconds. */
  static final int MOST_OF_ADDRESS = 64;

  static final int MOST = 1024;

  private static final int RETRY_SECONDS = 1;

  private final Map<String, Integer> byAddress = new HashMap<>();
  private int pending;

  /**
   * Counts one more token, until {@link #end}.
   *
   * @throws ServingException OVERLOADED if there are too many
   */
  synchronized void begin(String address) {
    int own = byAddress.getOrDefault(address, 0);
    if (own >= MOST_OF_ADDRESS || pending >= MOST) {
      throw new ServingException(
          Failure.OVERLOADED,
          "%d tokens are waiting to be verified; try again soon."
              .formatted(own >= MOST_OF_ADDRESS ? own : pending),
          RETRY_SECONDS);
    }
    byAddress.put(address, own + 1);
    pending++;
  }

  /** Counts a token as verified, or as refused. */
  synchronized void end(String address) {
    byAddress.computeIfPresent(address, (key, own) -> own == 1 ? null : own - 1);
    pending--;
  }
}
