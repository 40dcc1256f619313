package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoverFoldersTest {

  private static final Instant LONG_AGO = Instant.now().minusSeconds(86_400);

  @TempDir private Path temporary;

  @Test
  void foldersOfEndedProcessesAreDeleted() throws IOException {
    Path killed = folder("glimpse-onnxruntime-7-123", LONG_AGO);
    Path running = folder("glimpse-onnxruntime-8-123", LONG_AGO);
    Path copy = folder("glimpse-model-7-123", LONG_AGO);
    Files.createDirectories(copy.resolve("onnx/more"));
    Files.setLastModifiedTime(copy, FileTime.from(LONG_AGO));
    Path young = folder("glimpse-onnxruntime-7-124", Instant.now());
    Path foreign = folder("glimpse-onnxruntime-seven", LONG_AGO);
    Path link = Files.createSymbolicLink(temporary.resolve("glimpse-onnxruntime-7-5"), foreign);

    LeftoverFolders.clear(temporary, pid -> pid == 8, () -> Instant.MAX);

    assertThat(killed).doesNotExist();
    assertThat(copy).doesNotExist();
    assertThat(running).exists();
    assertThat(young).exists();
    assertThat(foreign).isNotEmptyDirectory();
    assertThat(link).exists();
  }

  @Test
  void emptyFoldersOfOnnxRuntimeAreDeletedUnlessARunningProgramMayHaveMadeThem()
      throws IOException {
    Instant started = LONG_AGO.plusSeconds(3600);
    Path killed = emptied("onnxruntime-java1", LONG_AGO);
    Path running = emptied("onnxruntime-java2", started.plusSeconds(1));
    Path young = emptied("onnxruntime-java3", Instant.now());
    Path used = folder("onnxruntime-java4", LONG_AGO);
    AtomicInteger asked = new AtomicInteger();

    LeftoverFolders.clear(
        temporary,
        pid -> false,
        () -> {
          asked.incrementAndGet();
          return started;
        });

    assertThat(killed).doesNotExist();
    assertThat(running).exists();
    assertThat(young).exists();
    assertThat(used).isNotEmptyDirectory();
    assertThat(asked).hasValue(1);
  }

  @Test
  void librariesThatJnaHasUnpackedAreDeleted() throws IOException {
    Path killed = aged(Files.createFile(temporary.resolve("jna123.tmp")), LONG_AGO);
    Path young = Files.createFile(temporary.resolve("jna124.tmp"));
    Path foreign = aged(Files.createFile(temporary.resolve("jnaviation.tmp")), LONG_AGO);

    LeftoverFolders.clearJna(temporary);

    assertThat(killed).doesNotExist();
    assertThat(young).exists();
    assertThat(foreign).exists();
  }

  @Test
  void missingFolderIsIgnored() {
    LeftoverFolders.clear(temporary.resolve("none"));
    assertThat(temporary).isEmptyDirectory();
  }

  private Path folder(String name, Instant changed) throws IOException {
    Path folder = Files.createDirectory(temporary.resolve(name));
    Files.createFile(folder.resolve("libonnxruntime.so"));
    return aged(folder, changed);
  }

  private Path emptied(String name, Instant changed) throws IOException {
    return aged(Files.createDirectory(temporary.resolve(name)), changed);
  }

  private static Path aged(Path path, Instant changed) throws IOException {
    return Files.setLastModifiedTime(path, FileTime.from(changed));
  }
}
