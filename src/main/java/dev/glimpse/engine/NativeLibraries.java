package dev.glimpse.engine;

import io.quarkus.runtime.ImageMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Locates ONNX Runtime's shared libraries: in the folder that the operator has set, beside the
 * native executable, or unpacked from the jar into a private folder, which is deleted once they are
 * loaded.
 */
final class NativeLibraries implements AutoCloseable {

  /** ONNX Runtime's property for the folder that holds its shared libraries. */
  static final String PATH_PROPERTY = "onnxruntime.native.path";

  /** JNA's property for the folder that holds its shared library. */
  private static final String JNA_PATH_PROPERTY = "jna.boot.library.path";

  /** JNA's property for the folders that hold libraries of the application's own. */
  private static final String JNA_OWN_PROPERTY = "jna.library.path";

  /**
   * JNA's property for folders that are searched for libraries before the system's loader is asked.
   */
  private static final String JNA_FOLDERS_PROPERTY = "jna.platform.library.path";

  private static final List<String> NAMES = List.of("onnxruntime", "onnxruntime4j_jni");

  private final Path folder;
  private final boolean unpacked;

  private NativeLibraries(Path folder, boolean unpacked) {
    this.folder = folder;
    this.unpacked = unpacked;
  }

  /**
   * Finds or unpacks the libraries and tells ONNX Runtime's Java classes where they are. Call it
   * before any of those classes, or of JNA's, is initialised: JNA's own library beside the
   * executable is used too, so that it need not be unpacked.
   *
   * @throws PlatformException if a library is missing, is incomplete or does not exist for this
   *     platform, or the temp folder cannot be written to
   */
  static NativeLibraries locate() {
    if (System.getProperty(JNA_FOLDERS_PROPERTY) == null && platform().startsWith("linux")) {
      // Otherwise JNA runs ldconfig to list folders, which takes as long as everything else here;
      // the system's loader finds a library by its bare name anyway.
      System.setProperty(JNA_FOLDERS_PROPERTY, "/usr/lib");
    }
    Optional<Path> beside = executable();
    beside.ifPresent(NativeLibraries::pointJnaTo);
    String given = System.getProperty(PATH_PROPERTY);
    if (given != null) {
      return in(Path.of(given));
    }
    return beside.map(NativeLibraries::in).orElseGet(NativeLibraries::unpacked);
  }

  /** Returns the main library, {@code libonnxruntime.so} or its name on this platform. */
  Path onnxRuntime() {
    return folder.resolve(System.mapLibraryName("onnxruntime"));
  }

  /** Deletes what was unpacked; a loaded library does not need its file. */
  @Override
  public void close() {
    if (!unpacked) {
      return;
    }
    System.clearProperty(PATH_PROPERTY);
    LeftoverFolders.delete(folder);
  }

  /** Returns the folder of the native executable; empty on a JVM. */
  private static Optional<Path> executable() {
    return ImageMode.current() == ImageMode.NATIVE_RUN
        ? ProcessHandle.current().info().command().map(command -> Path.of(command).getParent())
        : Optional.empty();
  }

  /**
   * Makes JNA load its library, and our own, from this folder; without it there, JNA unpacks the
   * one inside the executable.
   */
  private static void pointJnaTo(Path folder) {
    if (System.getProperty(JNA_OWN_PROPERTY) == null) {
      System.setProperty(JNA_OWN_PROPERTY, folder.toString());
    }
    boolean there = Files.exists(folder.resolve(System.mapLibraryName("jnidispatch")));
    if (there && System.getProperty(JNA_PATH_PROPERTY) == null) {
      System.setProperty(JNA_PATH_PROPERTY, folder.toString());
    }
  }

  private static NativeLibraries in(Path folder) {
    for (String name : NAMES) {
      String library = System.mapLibraryName(name);
      if (!Files.exists(folder.resolve(library))) {
        throw new PlatformException(
            "There is no %s in %s: put ONNX Runtime's libraries there, or set -D%s to the folder that holds them."
                .formatted(library, folder, PATH_PROPERTY));
      }
      SharedLibrary.requireWhole(folder.resolve(library));
    }
    System.setProperty(PATH_PROPERTY, folder.toString());
    return new NativeLibraries(folder, false);
  }

  private static NativeLibraries unpacked() {
    NativeLibraries libraries = null;
    try {
      Path folder = Files.createTempDirectory(LeftoverFolders.prefix());
      libraries = new NativeLibraries(folder, true);
      for (String name : NAMES) {
        libraries.unpack(System.mapLibraryName(name));
      }
      System.setProperty(PATH_PROPERTY, folder.toString());
      return libraries;
    } catch (IOException e) {
      if (libraries != null) {
        libraries.close();
      }
      String fault = PlatformFault.of(e).orElse(null);
      if (fault != null) {
        throw new PlatformException(fault, e);
      }
      throw new PlatformException(
          "Cannot unpack ONNX Runtime's libraries: make the temp folder ("
              + System.getProperty("java.io.tmpdir")
              + ") writable, or set -D"
              + PATH_PROPERTY
              + " to the folder that holds them.",
          e);
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

  /** Returns ONNX Runtime's name for this platform, such as {@code linux-x64}. */
  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String osName = os.contains("win") ? "win" : os.contains("mac") ? "osx" : "linux";
    String archName = arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch;
    return osName + "-" + archName;
  }
}
