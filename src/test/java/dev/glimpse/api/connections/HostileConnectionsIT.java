package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.http.ExpensiveBodies;
import dev.glimpse.api.http.HostileClients;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.ResidentMemory;
import dev.glimpse.support.Service;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * Attacks the packaged application, the jar or the native executable, which may open few files and
 * has little memory.
 */
@Tag("repeated")
class HostileConnectionsIT extends HostileConnections {

  /** Beside those of the class path. */
  private static final int FILES = 256;

  /** Half of it is for bodies and for parsing; a JVM has taken all of it before. */
  private static final int HEAP_MEBIBYTES = 128;

  /** The default of glimpse.image.kept-memory; the allocator keeps as much where that is 0. */
  private static final int KEPT_MEBIBYTES = 64;

  private static final int MEBIBYTES = 64;
  private static Service service;
  private static long before;

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.remove("glimpse.http.max-connections"); // as many as files allow
    settings.put("glimpse.models.path", Fixtures.MODELS.toAbsolutePath().toString());
    settings.put("glimpse.models.default", "colors");
    settings.put("glimpse.batch.max-images", "8");
    settings.put("glimpse.drain.quiet", "0s");
    service = Service.startScarce(settings, FILES, HEAP_MEBIBYTES + "m");
    try (RawConnection connection = new RawConnection(service.port())) {
      connection.post(Fixtures.image("red.jpg"), "Connection: close");
      assertThat(connection.read().status()).isEqualTo(200);
    }
    before = ResidentMemory.mebibytes(service.pid());
  }

  @AfterAll
  static void memoryAndLogAreAsBefore() throws Exception {
    try (Service attacked = service) {
      long share = KEPT_MEBIBYTES + (Service.isNative() ? HEAP_MEBIBYTES / 2 : 0);
      long after = ResidentMemory.mebibytes(attacked.pid());
      System.out.printf("%d MiB before the attacks, %d after%n", before, after);
      assertThat(after - before).as("MiB more than before").isLessThan(share + MEBIBYTES);
      attacked.terminate();
      assertThat(attacked.ended(20)).isTrue();
      assertThat(attacked.log())
          .doesNotContain("\tat ", "Exception", "Too many open files")
          .contains("A connection was closed because");
    }
  }

  @Override
  int port() {
    return service.port();
  }

  /** Sends what is HTTP, but costs more than it is worth. */
  @Nested
  class Clients extends HostileClients {

    @Override
    protected int port() {
      return service.port();
    }
  }

  @Nested
  class Pipelining extends PipeliningClients {

    @Override
    protected int port() {
      return service.port();
    }
  }

  @Nested
  class Bodies extends ExpensiveBodies {

    @Override
    protected int port() {
      return service.port();
    }
  }
}
