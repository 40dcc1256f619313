package dev.glimpse.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Identifies a large file by length, modification time and checksum. The checksum is computed only
 * if the time has changed, as it does when a file is copied; it covers the whole file, because a
 * model whose last layer was retrained differs in few pages. It does not protect against tampering.
 *
 * @param length in bytes
 * @param modified in seconds since 1970, the resolution of archives and container images; 0 if the
 *     file may still be modified within that second
 * @param checksum the CRC-32 of the whole file
 */
public record FileFingerprint(long length, long modified, long checksum) {

  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,18})-(\\d{1,18})-([0-9a-f]{8})");
  private static final int CHUNK = 1 << 18;

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   */
  public static FileFingerprint of(Path file) throws IOException {
    long modified = modified(file);
    boolean settled = modified < System.currentTimeMillis() / 1000 - 1;
    return new FileFingerprint(Files.size(file), settled ? modified : 0, checksum(file));
  }

  /**
   * Reads a file that only this process writes.
   *
   * @throws IOException if it cannot be read
   */
  public static FileFingerprint ofOurs(Path file) throws IOException {
    return new FileFingerprint(Files.size(file), modified(file), checksum(file));
  }

  /** Parses the form of {@link #toString}; empty if the text has another form. */
  public static Optional<FileFingerprint> parse(String written) {
    Matcher matcher = WRITTEN.matcher(written);
    return matcher.matches()
        ? Optional.of(
            new FileFingerprint(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3), 16)))
        : Optional.empty();
  }

  /**
   * Returns whether it identifies this file, which is read only if its modification time differs.
   *
   * @throws IOException if it cannot be read
   */
  public boolean isOf(Path file) throws IOException {
    return Files.size(file) == length
        && ((modified > 0 && modified(file) == modified) || checksum(file) == checksum);
  }

  private static long modified(Path file) throws IOException {
    return Math.max(0, Files.getLastModifiedTime(file).to(TimeUnit.SECONDS));
  }

  private static long checksum(Path file) throws IOException {
    CRC32 checksum = new CRC32();
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      while (channel.read(chunk.clear()) >= 0) {
        checksum.update(chunk.flip());
      }
    }
    return checksum.getValue();
  }

  /** Returns e.g. {@code 8360983-1795219200-5f3a01bc}. */
  @Override
  public String toString() {
    return "%d-%d-%08x".formatted(length, modified, checksum);
  }
}
