package dev.glimpse.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFingerprintTest {

  private static final FileTime THEN = FileTime.from(Instant.parse("2026-11-21T10:00:00.5Z"));

  @TempDir Path folder;

  private final byte[] bytes = new byte[1 << 20];
  private Path file;
  private FileFingerprint identity;

  @BeforeEach
  void write() throws IOException {
    file = write(bytes, THEN);
    identity = FileFingerprint.of(file);
  }

  @Test
  void isThatOfTheSameFile() throws IOException {
    assertThat(identity.isOf(file)).isTrue();
    assertThat(FileFingerprint.parse(identity.toString())).hasValue(identity);
  }

  @Test
  void isThatOfACopy() throws IOException {
    assertThat(identity.isOf(write(bytes, FileTime.fromMillis(0)))).isTrue();
  }

  @Test
  void oneByteMakesAnother() throws IOException {
    bytes[300_000] = 1; // as where only the last layer was trained
    assertThat(identity.isOf(write(bytes, FileTime.fromMillis(THEN.toMillis() + 1000)))).isFalse();
  }

  /**
   * Within a second, a time tells nothing; so the fingerprint is taken when that second is over.
   */
  @Test
  void waitsUntilTheTimeTellsSomething() throws IOException {
    Path fresh = Files.write(folder.resolve("fresh.onnx"), bytes);
    long written = Files.getLastModifiedTime(fresh).to(TimeUnit.SECONDS);
    FileFingerprint taken = FileFingerprint.of(fresh);
    assertThat(taken.modified()).isEqualTo(written);
    assertThat(System.currentTimeMillis() / 1000).isGreaterThan(written + 1);
  }

  @Test
  void aTimeInTheFutureTellsNothing() throws IOException {
    FileTime future = FileTime.fromMillis(System.currentTimeMillis() + 3_600_000);
    FileFingerprint early = FileFingerprint.of(write(bytes, future));
    assertThat(early.isOf(file)).isTrue();
    bytes[7] = 1;
    assertThat(early.isOf(write(bytes, future))).isFalse();
  }

  @Test
  void ofOursItIsEnoughThatItWasNotModified() throws IOException {
    FileTime now = FileTime.fromMillis(System.currentTimeMillis());
    FileFingerprint ours = FileFingerprint.ofOwnFile(write(bytes, now));
    bytes[7] = 1;
    assertThat(ours.isOf(write(bytes, now))).isTrue();
  }

  @Test
  void isNotThatOfALongerOne() throws IOException {
    assertThat(identity.isOf(write(new byte[(1 << 20) + 1], THEN))).isFalse();
  }

  @Test
  void somethingElseIsNone() {
    assertThat(FileFingerprint.parse("8360983-5f3a01bc")).isEmpty();
    assertThat(FileFingerprint.parse("")).isEmpty();
  }

  private Path write(byte[] content, FileTime modified) throws IOException {
    Path written = Files.write(folder.resolve("model.onnx"), content);
    return Files.setLastModifiedTime(written, modified);
  }
}
