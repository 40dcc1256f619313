package dev.glimpse.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jboss.logging.Logger;

/**
 * ONNX Runtime's shared libraries as files: where the operator put them, or unpacked from the jar
 * into a private folder that is deleted as soon as they are loaded.
 */
final class NativeLibraries implements AutoCloseable {

  /** ONNX Runtime's own property: the folder that holds its shared libraries. */
  static final String PATH_PROPERTY = "onnxruntime.native.path";

  private static final Logger LOG = Logger.getLogger(NativeLibraries.class);

  private final Path folder;
  private final boolean unpacked;

  private NativeLibraries(Path folder, boolean unpacked) {
    this.folder = folder;
    this.unpacked = unpacked;
  }

  /**
   * Finds or unpacks the libraries and tells ONNX Runtime's Java classes where they are. To be
   * called before any of those classes is initialised.
   *
   * @throws EngineException if the temp folder cannot be written to, or this platform has none
   */
  static NativeLibraries locate() {
    String given = System.getProperty(PATH_PROPERTY);
    if (given != null) {
      return new NativeLibraries(Path.of(given), false);
    }
    try {
      Path folder = Files.createTempDirectory("glimpse-onnxruntime");
      NativeLibraries libraries = new NativeLibraries(folder, true);
      for (String name : List.of("onnxruntime", "onnxruntime4j_jni")) {
        libraries.unpack(System.mapLibraryName(name));
      }
      System.setProperty(PATH_PROPERTY, folder.toString());
      return libraries;
    } catch (IOException e) {
      throw new EngineException(
          "Cannot unpack ONNX Runtime's libraries: make the temp folder ("
              + System.getProperty("java.io.tmpdir")
              + ") writable, or set -D"
              + PATH_PROPERTY
              + " to the folder that holds them.",
          e);
    }
  }

  /** The main library, {@code libonnxruntime.so} or what the platform calls it. */
  Path onnxRuntime() {
    return folder.resolve(System.mapLibraryName("onnxruntime"));
  }

  /** Deletes what was unpacked; a loaded library stays loaded without its file. */
  @Override
  public void close() {
    if (!unpacked) {
      return;
    }
    System.clearProperty(PATH_PROPERTY);
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.debugf(e, "Left behind: %s", folder);
    }
  }

  private void unpack(String library) throws IOException {
    String resource = "/ai/onnxruntime/native/" + platform() + "/" + library;
    try (InputStream in = NativeLibraries.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new EngineException(
            "This build of ONNX Runtime has no library for " + platform() + ".");
      }
      Files.copy(in, folder.resolve(library));
    }
  }

  /** ONNX Runtime's name for this platform, e.g. {@code linux-x64}. */
  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String osName = os.contains("win") ? "win" : os.contains("mac") ? "osx" : "linux";
    String archName = arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch;
    return osName + "-" + archName;
  }
}
