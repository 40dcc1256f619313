package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformFaultTest {

  private static final String TEMPORARY = System.getProperty("java.io.tmpdir");

  /** The words of the system, the JVM and ONNX Runtime; TMP stands for the temporary folder. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TMP/x/libonnxruntime.so: libgomp.so.1: cannot open shared object file: No such file or"
            + " directory | The shared library libgomp.so.1 is not installed; install the package"
            + " that has it, such as libgomp1.",
        "TMP/x/libonnxruntime.so: libstdc++.so.6: cannot open shared object file: No such file or"
            + " directory | The shared library libstdc++.so.6 is not installed; install the package"
            + " that has it.",
        "TMP/x/libonnxruntime.so: cannot open shared object file: Permission denied | The shared"
            + " library libonnxruntime.so cannot be read by this user; change its permissions.",
        "/lib/libc.so.6: version `GLIBC_2.38' not found (required by TMP/x/libonnxruntime.so) |"
            + " ONNX Runtime needs GLIBC_2.38, and this system's C or C++ library is older; use a"
            + " newer one.",
        "TMP/x/libonnxruntime.so: wrong ELF class: ELFCLASS32 | The shared library"
            + " libonnxruntime.so is built for another architecture; install the one for this"
            + " machine.",
        "/opt/x/libonnxruntime.so: file too short | The shared library libonnxruntime.so is damaged"
            + " or incomplete; install it again.",
        "/opt/x/libonnxruntime.so: invalid ELF header | The shared library libonnxruntime.so is"
            + " damaged or incomplete; install it again.",
        "libonnxruntime.so: cannot enable executable stack as shared object requires: Invalid"
            + " argument | This system does not let libonnxruntime.so have an executable stack;"
            + " install a newer version of it.",
        "TMP/x/libonnxruntime.so: failed to map segment from shared object | The folder for"
            + " temporary files, TMP, is mounted noexec, so that no library can be loaded from it;"
            + " mount it with exec, or set another with -Djava.io.tmpdir (or"
            + " -Donnxruntime.native.path to a folder that holds ONNX Runtime's libraries).",
        "/opt/x/libonnxruntime.so: failed to map segment from shared object | The folder /opt/x is"
            + " mounted noexec, so that no library can be loaded from it; mount it with exec, or"
            + " move the libraries.",
        "No space left on device | The folder for temporary files, TMP, has no space left; free"
            + " some, or set another with -Djava.io.tmpdir.",
        "Disk quota exceeded | The folder for temporary files, TMP, has no space left; free some,"
            + " or set another with -Djava.io.tmpdir.",
        "TMP/x: Read-only file system | The folder for temporary files, TMP, is read-only; mount a"
            + " writable one there, which may be small, or set another with -Djava.io.tmpdir.",
        "Load model from m.onnx failed:open file failed: Too many open files | The process cannot"
            + " open more files; raise its limit (ulimit -n) to 1024 or more.",
        "unable to create native thread: possibly out of memory | The process cannot start more"
            + " threads; raise its limit (ulimit -u, or the container's limit of processes).",
        "std::bad_alloc | There is not enough memory; raise the limit of the container or the"
            + " process (ulimit -v), or serve fewer or smaller models.",
        "Exception during initialization: Failed to allocate memory for requested buffer of size"
            + " 1073741824 | There is not enough memory; raise the limit of the container or the"
            + " process (ulimit -v), or serve fewer or smaller models.",
        "TMP/x/libonnxruntime.so: cannot map zero-fill pages: Cannot allocate memory | There is not"
            + " enough memory; raise the limit of the container or the process (ulimit -v), or"
            + " serve fewer or smaller models.",
        "m.onnx: Input/output error | The disk or the network file system reports an error; check"
            + " it, and start the service again.",
        "m.onnx: Stale file handle | The disk or the network file system reports an error; check"
            + " it, and start the service again.",
      })
  void faultsOfTheMachineAreNamed(String message, String sentence) {
    Throwable failure = new UnsatisfiedLinkError(message.replace("TMP", TEMPORARY));

    assertThat(PlatformFault.of(new RuntimeException(null, new IOException("x", failure))))
        .contains(sentence.replace("TMP", TEMPORARY));
  }

  @Test
  void faultsOfTheTemporaryFolderAreNamed() {
    String folder = "The folder for temporary files, " + TEMPORARY + ", ";

    assertThat(PlatformFault.of(new AccessDeniedException(TEMPORARY + "/x")).orElseThrow())
        .startsWith(folder + "cannot be written to by this user; change its permissions, or set");
    assertThat(PlatformFault.of(new NoSuchFileException(TEMPORARY + "/x")).orElseThrow())
        .startsWith(folder + "does not exist; create it, or set another");
    assertThat(PlatformFault.of(new ReadOnlyFileSystemException()).orElseThrow())
        .startsWith(folder + "is read-only; ");
    assertThat(
            PlatformFault.of(
                new FileSystemException(TEMPORARY + "/x", null, "No space left on device")))
        .hasValueSatisfying(sentence -> assertThat(sentence).contains("has no space left"));
  }

  @Test
  void faultsOfAnotherFolderNameTheFile() {
    assertThat(PlatformFault.of(new FileSystemException("/a/x", null, "Read-only file system")))
        .contains("The file /a/x is on a read-only file system; name another.");
    assertThat(PlatformFault.of(new FileSystemException("/a/x", null, "No space left on device")))
        .contains("There is no space left for the file /a/x; free some.");
  }

  @Test
  void faultsOfAModelAreNot() {
    assertThat(PlatformFault.of(new IOException("Protobuf parsing failed."))).isEmpty();
    assertThat(PlatformFault.of(new AccessDeniedException("models/m/model.onnx"))).isEmpty();
    assertThat(PlatformFault.of(new NoSuchFileException("models/m/model.onnx"))).isEmpty();
    Exception circular = new Exception("a");
    circular.initCause(new Exception("b", circular));
    assertThat(PlatformFault.of(circular)).isEmpty();
  }
}
