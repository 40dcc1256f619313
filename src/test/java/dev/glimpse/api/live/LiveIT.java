package dev.glimpse.api.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Service;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Live connections of the packaged application. */
@Timeout(120)
class LiveIT {

  @Test
  void sigtermClosesThemAndDoesNotWaitForThem() throws Exception {
    try (Service service =
            Service.start(
                Map.of(
                    "glimpse.models.path",
                    Fixtures.MODELS.toAbsolutePath().toString(),
                    "glimpse.models.default",
                    "colors",
                    "glimpse.log.requests",
                    "all",
                    "glimpse.drain.max",
                    "60s"));
        LiveClient busy = new LiveClient(service.port(), "");
        LiveClient idle = new LiveClient(service.port(), "")) {
      busy.send(Fixtures.image("red.jpg"));
      assertThat(LiveSchemas.faults("answer", busy.next())).isEmpty();
      busy.send(Fixtures.image("truncated.jpg"));
      assertThat(LiveSchemas.faults("problem", busy.next())).isEmpty();
      try (LiveClient gone = new LiveClient(service.port(), "")) {
        gone.send(Fixtures.image("red.jpg"));
      }
      service.terminate();

      assertThat(busy.closed()).isEqualTo(1001);
      assertThat(idle.closed()).isEqualTo(1001);
      assertThat(service.ended(30)).isTrue();
      assertThat(service.log())
          .contains("Drained in", "GET /predict/live 101")
          .doesNotContain("Timed out waiting");
    }
  }
}
