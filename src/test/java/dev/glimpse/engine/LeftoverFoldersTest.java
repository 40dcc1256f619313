package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoverFoldersTest {

  private static final Instant LONG_AGO = Instant.now().minusSeconds(86_400);

  @TempDir private Path temporary;

  @Test
  void foldersOfEndedProcessesAreDeleted() throws IOException {
    Path killed = folder("glimpse-onnxruntime-7-123", LONG_AGO);
    Path running = folder("glimpse-onnxruntime-8-123", LONG_AGO);
    Path young = folder("glimpse-onnxruntime-7-124", Instant.now());
    Path foreign = folder("glimpse-onnxruntime-seven", LONG_AGO);
    Path link = Files.createSymbolicLink(temporary.resolve("glimpse-onnxruntime-7-5"), foreign);

    LeftoverFolders.clear(temporary, pid -> pid == 8);

    assertThat(killed).doesNotExist();
    assertThat(running).exists();
    assertThat(young).exists();
    assertThat(foreign).isNotEmptyDirectory();
    assertThat(link).exists();
  }

  @Test
  void missingFolderIsIgnored() {
    LeftoverFolders.clear(temporary.resolve("none"));
    assertThat(temporary).isEmptyDirectory();
  }

  private Path folder(String name, Instant changed) throws IOException {
    Path folder = Files.createDirectory(temporary.resolve(name));
    Files.createFile(folder.resolve("libonnxruntime.so"));
    Files.setLastModifiedTime(folder, FileTime.from(changed));
    return folder;
  }
}
