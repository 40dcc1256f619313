package dev.glimpse.api.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.ServingException;
import org.junit.jupiter.api.Test;

class PendingTokensTest {

  private final PendingTokens tokens = new PendingTokens();

  @Test
  void oneAddressKeepsNoOtherFromBeingVerified() {
    begin("10.0.0.1", PendingTokens.MOST_OF_ADDRESS);

    assertThatThrownBy(() -> tokens.begin("10.0.0.1"))
        .isInstanceOf(ServingException.class)
        .hasMessageContaining("64 tokens are waiting");
    assertThatCode(() -> tokens.begin("10.0.0.2")).doesNotThrowAnyException();

    tokens.end("10.0.0.1");
    assertThatCode(() -> tokens.begin("10.0.0.1")).doesNotThrowAnyException();
  }

  @Test
  void allAddressesAreBounded() {
    int addresses = PendingTokens.MOST / PendingTokens.MOST_OF_ADDRESS;
    for (int i = 0; i < addresses; i++) {
      begin("10.0.0." + i, PendingTokens.MOST_OF_ADDRESS);
    }
    assertThatThrownBy(() -> tokens.begin("10.1.0.1")).hasMessageContaining("1024 tokens");

    tokens.end("10.0.0.1");
    assertThatCode(() -> tokens.begin("10.1.0.1")).doesNotThrowAnyException();
  }

  private void begin(String address, int times) {
    for (int i = 0; i < times; i++) {
      tokens.begin(address);
    }
  }
}
