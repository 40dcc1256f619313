package dev.glimpse.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class StartFaultTest {

  @Test
  void missingFileIsNamed() {
    assertThat(StartFault.of(new IllegalStateException(new NoSuchFileException("/etc/tls.crt"))))
        .hasValue("There is no file /etc/tls.crt; add it, or correct the setting that names it.");
  }

  @Test
  void fileThatMayNotBeReadIsNamed() {
    assertThat(StartFault.of(new UncheckedIOException(new AccessDeniedException("/etc/tls.key"))))
        .hasValue("This user may not use the file /etc/tls.key; change its permissions.");
  }

  @Test
  void platformIsBlamedFirst() {
    Throwable why = new IOException("Too many open files", new NoSuchFileException("a"));
    assertThat(StartFault.of(why)).get().asString().contains("ulimit -n");
  }

  @Test
  void namesOfFilesAreEscaped() {
    assertThat(StartFault.of(new NoSuchFileException("a\nb")))
        .get()
        .asString()
        .doesNotContain("\n");
  }

  @Test
  void otherFailuresAndThoseWithoutAFileAreLeftToQuarkus() {
    assertThat(StartFault.of(new IllegalStateException("a fault of ours"))).isEmpty();
    assertThat(StartFault.of(new NoSuchFileException(null))).isEmpty();
  }

  @Test
  void circleOfCausesEnds() {
    Exception first = new Exception("first");
    first.initCause(new Exception("second", first));
    assertThat(StartFault.of(first)).isEmpty();
  }
}
