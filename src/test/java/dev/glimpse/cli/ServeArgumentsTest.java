package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeArgumentsTest {

  @Test
  void noneAndServeStartTheService() {
    assertThat(ServeArguments.of()).contains(new ServeArguments(null));
    assertThat(ServeArguments.of("serve")).contains(new ServeArguments(null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--port 8081",
        "--port=8081",
        "--port 8081 serve",
        "serve --port 8081",
        "--port 1 --port 8081"
      })
  void portIsRead(String line) {
    assertThat(ServeArguments.of(line.split(" "))).contains(new ServeArguments(8081));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models",
        "modles",
        "serve models",
        "--prot 8081",
        "-p 8081",
        "--port",
        "--port=",
        "--port -1",
        "--port 65536",
        "--port 8o8o",
        "--port ٨٠",
        "--help",
        "--version",
        "--model_name=flowers",
        "-Dquarkus.http.port=8081"
      })
  void otherArgumentsDoNot(String line) {
    assertThat(ServeArguments.of(line.split(" "))).isEmpty();
  }
}
