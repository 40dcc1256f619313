package dev.glimpse.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Issuer;
import dev.glimpse.support.Python;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.Service;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens that another project's library has issued, and the keys that it has written. */
@Tag("clients")
@Timeout(120)
class PyJwtIT {

  private static final Path SCRIPTS = Path.of("src/test/clients");

  @Test
  void tokensOfPyJwtCountAsTheyShould() throws Exception {
    Python python = Python.with(SCRIPTS.resolve("security.txt"));
    Process issuer =
        new ProcessBuilder(python.program("python"), SCRIPTS.resolve("issuer.py").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader printed = issuer.inputReader();
        Service service = Service.start(Issuer.settings(printed.readLine()))) {
      List<String> wrong = new ArrayList<>();
      int tokens = 0;
      for (String line = printed.readLine(); !line.isEmpty(); line = printed.readLine()) {
        String[] parts = line.split(" ");
        int status = status(service, parts[2]);
        tokens++;
        if (status != Integer.parseInt(parts[0])) {
          wrong.add("%s: %d in place of %s".formatted(parts[1], status, parts[0]));
        }
      }
      assertThat(tokens).isEqualTo(15);
      assertThat(wrong).isEmpty();
    } finally {
      issuer.destroy();
    }
  }

  private static int status(Service service, String token) throws Exception {
    try (RawConnection connection = new RawConnection(service.port())) {
      connection.send(
          "GET /q/metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(token)
              .getBytes(StandardCharsets.US_ASCII));
      return connection.read().status();
    }
  }
}
