package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {

  @TempDir private Path folder;

  @AfterEach
  void forget() {
    System.clearProperty(NativeLibraries.PATH_PROPERTY);
  }

  @Test
  void unpacksThemAndDeletesThemAfterwards() {
    Path library;
    try (NativeLibraries libraries = NativeLibraries.locate()) {
      library = libraries.onnxRuntime();
      assertThat(library).exists();
      assertThat(System.getProperty(NativeLibraries.PATH_PROPERTY))
          .isEqualTo(library.getParent().toString());
    }
    assertThat(library.getParent()).doesNotExist();
    assertThat(System.getProperty(NativeLibraries.PATH_PROPERTY)).isNull();
  }

  @Test
  void usesThoseInTheGivenFolderAndKeepsThem() throws Exception {
    for (String name : new String[] {"onnxruntime", "onnxruntime4j_jni"}) {
      Files.createFile(folder.resolve(System.mapLibraryName(name)));
    }
    System.setProperty(NativeLibraries.PATH_PROPERTY, folder.toString());
    Path library;
    try (NativeLibraries libraries = NativeLibraries.locate()) {
      library = libraries.onnxRuntime();
    }
    assertThat(library).hasParent(folder).exists();
  }

  @Test
  void namesTheLibraryThatIsMissing() throws Exception {
    Files.createFile(folder.resolve(System.mapLibraryName("onnxruntime")));
    System.setProperty(NativeLibraries.PATH_PROPERTY, folder.toString());

    assertThatThrownBy(NativeLibraries::locate)
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(System.mapLibraryName("onnxruntime4j_jni"))
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("-D" + NativeLibraries.PATH_PROPERTY);
  }
}
