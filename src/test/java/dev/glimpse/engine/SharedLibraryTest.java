package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedLibraryTest {

  private static final int HEADER = 64;
  private static final int SECTIONS = 3;

  @TempDir Path folder;

  @Test
  void libraryWithAllItsSectionsIsWhole() throws IOException {
    Path whole = library(HEADER + SECTIONS * HEADER);
    assertThatCode(() -> SharedLibrary.requireWhole(whole)).doesNotThrowAnyException();
  }

  @Test
  void libraryWhoseEndIsMissingIsRefusedByName() throws IOException {
    Path cut = library(HEADER + SECTIONS * HEADER - 1);
    assertThatThrownBy(() -> SharedLibrary.requireWhole(cut))
        .isInstanceOf(PlatformException.class)
        .hasMessage("The shared library %s is damaged or incomplete; install it again.", cut);
  }

  @Test
  void otherFilesAreLeftToTheLinker() throws IOException {
    Path text = Files.writeString(folder.resolve("libtext.so"), "a".repeat(HEADER));
    Path shorter = Files.writeString(folder.resolve("libshort.so"), "\177ELF");
    Path missing = folder.resolve("libmissing.so");
    for (Path file : new Path[] {text, shorter, missing}) {
      assertThatCode(() -> SharedLibrary.requireWhole(file)).doesNotThrowAnyException();
    }
  }

  @Test
  void linkersReasonReplacesTheMessageOfAnExecutable() {
    Throwable bare = new UnsatisfiedLinkError("Can't load library: /none/libnone.so");
    Throwable wrapped = new IllegalStateException("could not start", bare);

    assertThat(SharedLibrary.explained(wrapped))
        .isInstanceOf(UnsatisfiedLinkError.class)
        .hasMessageContaining("libnone.so")
        .hasMessageContaining("No such file");
  }

  @Test
  void failureThatSaysMoreStays() {
    Throwable failure = new UnsatisfiedLinkError("libgomp.so.1: cannot open shared object file");
    assertThat(SharedLibrary.explained(failure)).isSameAs(failure);
  }

  /** Makes a header in ELF's 64-bit form whose list of sections follows it. */
  private Path library(int size) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(HEADER * (1 + SECTIONS)).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1});
    file.putLong(0x28, HEADER).putShort(0x3a, (short) HEADER).putShort(0x3c, (short) SECTIONS);
    byte[] bytes = new byte[size];
    System.arraycopy(file.array(), 0, bytes, 0, size);
    return Files.write(folder.resolve("lib.so"), bytes);
  }
}
