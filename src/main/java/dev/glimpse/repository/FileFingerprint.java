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
 * Tells a large file from another of the same length: by when it was modified, and where that has
 * changed, as it does when files are copied, by all that is in it. A model of which only the last
 * layer was trained anew differs in a few pages. This is no guard against who wants to deceive.
 *
 * @param length in bytes
 * @param modified in seconds since 1970, as archives and container images keep no more; 0 if it may
 *     be modified once more within that second
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
   * Reads a file that nobody else writes.
   *
   * @throws IOException if it cannot be read
   */
  public static FileFingerprint ofOurs(Path file) throws IOException {
    return new FileFingerprint(Files.size(file), modified(file), checksum(file));
  }

  /** What {@link #toString} has written; empty if that is something else. */
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
   * Whether it is of this file. Reads it only where it was modified at another time.
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

  /** As it is written down: {@code 8360983-1795219200-5f3a01bc}. */
  @Override
  public String toString() {
    return "%d-%d-%08x".formatted(length, modified, checksum);
  }
}
