package dev.glimpse.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileNamesTest {

  @Test
  void bytesThatAreNoUtf8BecomeLoneSurrogates() {
    byte[] name = {'a', (byte) 0xFF, (byte) 0xE2, (byte) 0x82, 'b', (byte) 0xC3, (byte) 0xA4};

    String text = FileNames.decode(name);

    assertThat(text).isEqualTo("a\uDCFF\uDCE2\uDC82bä");
    assertThat(FileNames.encode(text)).isEqualTo(name);
  }

  @Test
  void anyBytesComeBack() {
    Random random = new Random(20);
    for (int i = 0; i < 20_000; i++) {
      byte[] name = new byte[random.nextInt(12)];
      random.nextBytes(name);
      assertThat(FileNames.encode(FileNames.decode(name))).isEqualTo(name);
    }
  }

  @Test
  void otherTextComesBack() {
    String text = "雏菊 🌼.jpg";
    assertThat(FileNames.decode(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    assertThat(FileNames.encode(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  /** As a shell makes it, so that the JDK has no part in it. */
  @Test
  @DisabledOnOs({OS.WINDOWS, OS.MAC}) // which refuse such names
  void aFileWithSuchANameIsFoundAndRead(@TempDir Path folder) throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", "printf x > \"$(printf 'a\\377\\346\\234\\252.jpg')\"")
            .directory(folder.toFile())
            .start();
    assertThat(shell.waitFor()).isZero();

    String name = new SortedFolder(folder).next();

    assertThat(name).isEqualTo("a\uDCFF未.jpg");
    Path path = FileNames.resolve(folder, name);
    assertThat(Files.readString(path)).isEqualTo("x");
    assertThat(FileNames.of(path)).isEqualTo(name);
    assertThat(Files.readString(FileNames.path(folder + "/" + name))).isEqualTo("x");
  }

  @Test
  void whatIsNoPathIsSaidInOneWay() {
    assertThatThrownBy(() -> FileNames.path("ü\0.jpg")).isInstanceOf(InvalidPathException.class);
    assertThatThrownBy(() -> FileNames.path("a\0.jpg")).isInstanceOf(InvalidPathException.class);
    assertThat(ImageInput.of("ü\0.jpg").problem()).contains(RowProblem.missing());
  }

  @Test
  void relativePathsStayRelative() {
    assertThat(FileNames.path("a/ü.jpg").isAbsolute()).isFalse();
    assertThat(FileNames.path("a/ü.jpg")).hasFileName("ü.jpg").hasParentRaw(Path.of("a"));
    assertThat(FileNames.path("/a/ü.jpg")).isEqualTo(Path.of("/a/ü.jpg"));
  }
}
