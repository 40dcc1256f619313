package dev.glimpse.access;

import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Holds the hashes of all keys. Finding one compares whole hashes in constant time; which hashes
 * are compared depends on the first two bytes of the given key's own hash, which tells a caller
 * nothing about other keys.
 */
final class KeyRing {

  /** A ring without keys. */
  static final KeyRing EMPTY = new KeyRing(List.of());

  /** A key's hash, and whose key it is. */
  static final class Entry {

    private final byte[] sha256;
    private final Caller caller;

    /**
     * Creates an entry.
     *
     * @param sha256 32 bytes; the entry's own
     */
    Entry(byte[] sha256, Caller caller) {
      this.sha256 = sha256;
      this.caller = caller;
    }
  }

  private final Map<Integer, List<Entry>> byPrefix;

  KeyRing(List<Entry> entries) {
    byPrefix =
        entries.stream()
            .collect(
                Collectors.groupingBy(
                    entry -> prefix(entry.sha256), HashMap::new, Collectors.toList()));
  }

  private static int prefix(byte[] sha256) {
    return (sha256[0] & 0xff) << 8 | (sha256[1] & 0xff);
  }

  /**
   * Returns the caller that a key belongs to.
   *
   * @param sha256 of the key, 32 bytes
   */
  Optional<Caller> find(byte[] sha256) {
    Caller found = null;
    for (Entry entry : byPrefix.getOrDefault(prefix(sha256), List.of())) {
      if (MessageDigest.isEqual(entry.sha256, sha256)) {
        found = entry.caller;
      }
    }
    return Optional.ofNullable(found);
  }

  /** Counts the keys. */
  int size() {
    return byPrefix.values().stream().mapToInt(List::size).sum();
  }
}
