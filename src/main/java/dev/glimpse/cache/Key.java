package dev.glimpse.cache;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.digest.Sha256;
import java.nio.ByteBuffer;

/**
 * Identifies a cached result: two requests with equal keys get equal results.
 *
 * @param image the hash of the image file's bytes
 * @param page which page of the file
 * @param loaded an object that one load of a model has created, compared by identity; it stands for
 *     name, version and preprocessing, so that a reloaded model starts with no cached results
 * @param topK how many classes the request asks for
 * @param language of the labels
 * @param scores what turns the graph's output into scores, and what else is asked of them
 */
public record Key(Hash image, int page, Object loaded, int topK, String language, String scores) {

  /** Creates the key of a request. */
  public static Key of(
      Bytes image, int page, Object loaded, int topK, String language, String scores) {
    return new Key(Hash.of(image), page, loaded, topK, language, scores);
  }

  /** Holds a SHA-256 as four numbers, which take less memory than an array. */
  public record Hash(long first, long second, long third, long fourth) {

    /** Returns it in hexadecimal. */
    String hex() {
      return "%016x%016x%016x%016x".formatted(first, second, third, fourth);
    }

    /** Hashes bytes. */
    public static Hash of(Bytes bytes) {
      try (Bytes.Reading reading = bytes.read()) {
        ByteBuffer hash = ByteBuffer.wrap(Sha256.of(reading.buffer()));
        return new Hash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
      }
    }
  }
}
