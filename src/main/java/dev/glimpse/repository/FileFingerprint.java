package dev.glimpse.repository;

import java.io.IOException;
import java.io.InterruptedIOException;
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
 * @param modified in seconds since 1970, the resolution of archives and container images; 0 if it
 *     lies in the future, or the file was changed while it was read
 * @param checksum the CRC-32 of the whole file
 */
public record FileFingerprint(long length, long modified, long checksum) {

  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,18})-(\\d{1,18})-([0-9a-f]{8})");
  private static final int CHUNK = 1 << 18;

  /** At this age no other content can get the same modification time, which has seconds. */
  private static final long SETTLED_MILLIS = 2000;

  /**
   * Reads a file. If it was written just now, waits for up to two seconds first: with a
   * modification time that another content could have too, {@link #isOf} would have to read all of
   * the file.
   *
   * @throws IOException if it cannot be read, or the thread is interrupted while it waits
   */
  public static FileFingerprint of(Path file) throws IOException {
    long age = System.currentTimeMillis() - TimeUnit.SECONDS.toMillis(modified(file));
    if (age >= 0 && age < SETTLED_MILLIS) {
      sleep(SETTLED_MILLIS - age);
    }
    long modified = modified(file);
    boolean settled =
        TimeUnit.SECONDS.toMillis(modified) + SETTLED_MILLIS <= System.currentTimeMillis();
    return new FileFingerprint(Files.size(file), settled ? modified : 0, checksum(file));
  }

  private static void sleep(long milliseconds) throws InterruptedIOException {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a new file was waited for");
    }
  }

  /**
   * Reads a file that only this process writes.
   *
   * @throws IOException if it cannot be read
   */
  public static FileFingerprint ofOwnFile(Path file) throws IOException {
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
