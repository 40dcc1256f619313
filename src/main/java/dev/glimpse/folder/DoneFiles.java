package dev.glimpse.folder;

import dev.glimpse.digest.Sha256;
import java.nio.ByteBuffer;

/**
 * Remembers names by 64 bits of their SHA-256, which takes 11 to 22 bytes for each: a million names
 * are mixed up with a probability of 3e-8.
 */
final class DoneFiles {

  private static final int SMALLEST = 1024;

  private long[] table = new long[SMALLEST];
  private int size;

  /** Adds a name. */
  void add(String name) {
    if (size >= table.length / 4 * 3) {
      long[] old = table;
      table = new long[2 * old.length];
      for (long hash : old) {
        if (hash != 0) {
          table[place(hash)] = hash;
        }
      }
    }
    long hash = hash(name);
    int place = place(hash);
    if (table[place] == 0) {
      table[place] = hash;
      size++;
    }
  }

  boolean contains(String name) {
    long hash = hash(name);
    return table[place(hash)] == hash;
  }

  int size() {
    return size;
  }

  /** Returns where the hash is, or where it is to be put. */
  private int place(long hash) {
    int mask = table.length - 1;
    int place = (int) hash & mask;
    while (table[place] != 0 && table[place] != hash) {
      place = (place + 1) & mask;
    }
    return place;
  }

  /** Returns a number that is not 0. */
  private static long hash(String name) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * name.length());
    bytes.asCharBuffer().put(name); // as UTF-8, lone surrogates would be alike
    long hash = ByteBuffer.wrap(Sha256.of(bytes.array())).getLong();
    return hash == 0 ? 1 : hash;
  }
}
