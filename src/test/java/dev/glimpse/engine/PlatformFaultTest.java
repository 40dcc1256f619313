package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformFaultTest {

  /** The system's own words, as UnsatisfiedLinkError passes them on. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/tmp/x/libonnxruntime.so: libgomp.so.1: cannot open shared object file: No such file or"
            + " directory | The shared library libgomp.so.1 is not installed; install the package"
            + " that has it, such as libgomp1.",
        "/tmp/x/libonnxruntime.so: libstdc++.so.6: cannot open shared object file: No such file or"
            + " directory | The shared library libstdc++.so.6 is not installed",
        "/tmp/x/libonnxruntime.so: failed to map segment from shared object | is mounted noexec",
        "/lib/libc.so.6: version `GLIBC_2.38' not found (required by /tmp/x/libonnxruntime.so) |"
            + " ONNX Runtime needs GLIBC_2.38",
        "No space left on device | has no space left",
        "Disk quota exceeded | has no space left",
        "/tmp/x: Read-only file system | is read-only",
        "Load model from model.onnx failed:open file failed: Too many open files | (ulimit -n)",
      })
  void faultsOfTheMachineAreNamed(String message, String sentence) {
    RuntimeException failure =
        new RuntimeException(null, new IOException("x", new UnsatisfiedLinkError(message)));
    assertThat(PlatformFault.of(failure).orElseThrow())
        .contains(sentence)
        .endsWith(".")
        .doesNotContain("null", "model", "Exception");
  }

  @Test
  void unwritableFolderIsNamed() {
    assertThat(
            PlatformFault.of(new AccessDeniedException(System.getProperty("java.io.tmpdir") + "/x"))
                .orElseThrow())
        .contains(System.getProperty("java.io.tmpdir"), "cannot be written to by this user");
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
