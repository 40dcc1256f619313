package dev.glimpse.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HubTest {

  private static final String FILES = "/ours/colors/resolve/main/";

  private HostileServer server;

  @BeforeEach
  void start() throws IOException {
    server = new HostileServer();
    server.file(FILES + "config.json", new byte[2]);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx_data", "model.onnx.data"})
  void weightsBesideTheGraph(String name) {
    server.file(FILES + "model.onnx", new byte[3]);
    server.file(FILES + name, new byte[4]);
    assertThat(order().files())
        .extracting("path")
        .containsExactly("config.json", "model.onnx", name);
  }

  private Order order() {
    return new Hub(new Web(PullTest.HASTE), server.url("")).order("ours/colors", Optional.empty());
  }
}
