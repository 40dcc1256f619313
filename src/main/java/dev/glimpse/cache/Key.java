package dev.glimpse.cache;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What has to be equal for two answers to be.
 *
 * @param picture the picture's bytes, by their hash
 * @param loaded what one loading of a model has made and no other, compared by identity; it stands
 *     for name, version and preprocessing, so that a model that is loaded anew is asked anew
 * @param topK how many classes were asked for
 * @param language of the labels
 * @param activation what makes scores of the graph's output
 */
public record Key(Sha256 picture, Object loaded, int topK, String language, String activation) {

  /** The key of what is asked of a picture. */
  public static Key of(
      byte[] picture, Object loaded, int topK, String language, String activation) {
    return new Key(Sha256.of(picture), loaded, topK, language, activation);
  }

  /**
   * A hash that nobody can make two files for (<a
   * href="https://doi.org/10.6028/NIST.FIPS.180-4">FIPS 180-4</a>), as four numbers, which take
   * less memory than an array.
   */
  public record Sha256(long first, long second, long third, long fourth) {

    /** Hashes bytes; a megabyte takes less than a millisecond. */
    public static Sha256 of(byte[] bytes) {
      try {
        ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
        return new Sha256(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("Every Java has SHA-256", e);
      }
    }
  }
}
