package dev.glimpse.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderDigestTest {

  @TempDir private Path repository;
  private Path version;

  @BeforeEach
  void create() throws IOException {
    version = Files.createDirectories(repository.resolve("flowers/1"));
    Files.writeString(version.resolve("model.onnx"), "graph");
    Files.writeString(version.resolve("labels.txt"), "cat\ndog");
  }

  private FolderDigest folder() {
    return FolderDigest.of(new ModelFolder("flowers", 1, version));
  }

  private Optional<String> digest() {
    return folder().computed().join();
  }

  @Test
  void equalFilesHaveEqualDigests() throws IOException {
    Optional<String> first = digest();
    assertThat(first).isPresent().get().asString().matches("[0-9a-f]{64}");
    Files.setLastModifiedTime(version.resolve("model.onnx"), FileTime.fromMillis(1_000_000));
    assertThat(digest()).as("whenever they were written").isEqualTo(first);
  }

  @Test
  void anyChangeOfAnyFileChangesIt() throws IOException {
    Optional<String> first = digest();
    Files.writeString(version.resolve("model.onnx"), "grapf");
    Optional<String> second = digest();
    Files.writeString(version.resolve("labels.txt"), "dog\ncat");
    Optional<String> third = digest();
    Files.move(version.resolve("labels.txt"), version.resolve("names.txt"));
    Optional<String> fourth = digest();
    Files.writeString(repository.resolve("flowers/labels.txt"), "shared by versions");
    Optional<String> fifth = digest();

    assertThat(java.util.Set.of(first, second, third, fourth, fifth)).hasSize(5);
  }

  @Test
  void aFolderThatHasChangedSinceItWasLoadedHasNone() throws IOException {
    FolderDigest loaded = folder();
    Files.writeString(version.resolve("model.onnx"), "another graph");
    assertThat(loaded.computed().join()).isEmpty();
    assertThat(loaded.get()).isEmpty();
  }

  @Test
  void itIsNotWaitedFor() {
    FolderDigest loaded = folder();
    loaded.get();
    assertThat(loaded.computed().join()).isPresent();
    assertThat(loaded.get()).isEqualTo(loaded.computed().join());
  }

  @Test
  void aFolderThatIsGoneHasNone() throws IOException {
    FolderDigest loaded = folder();
    Files.delete(version.resolve("labels.txt"));
    assertThat(loaded.computed().join()).isEmpty();
    assertThat(FolderDigest.of(new ModelFolder("none", 1, repository.resolve("none"))).get())
        .isEmpty();
  }
}
