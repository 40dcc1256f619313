package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A hundred streams together. */
class OpenStreamsTest {

  private final OpenStreams streams = new OpenStreams(100);

  private void begin(int count) {
    for (int i = 0; i < count; i++) {
      streams.begun();
    }
  }

  private boolean allows(int own, int clients, int connections) {
    return streams.allows(own, () -> clients, () -> connections);
  }

  @Test
  void aConnectionMayHaveAllThatAreLeft() {
    begin(100);
    assertThat(allows(100, 1, 1)).isTrue();
    assertThat(allows(60, 50, 50)).isTrue();
    assertThat(streams.isFull()).isTrue();
  }

  @Test
  void whereNoneIsLeftEachConnectionHasItsShare() {
    begin(101);
    assertThat(allows(101, 1, 1)).isFalse();
    assertThat(allows(51, 2, 1)).isFalse();
    assertThat(allows(50, 2, 1)).as("of another client").isTrue();
    assertThat(allows(6, 2, 10)).isFalse();
    assertThat(allows(5, 2, 10)).isTrue();
    assertThat(allows(2, 30, 10)).isFalse();
    assertThat(allows(1, 30, 10)).as("at least one").isTrue();
    assertThat(allows(1, 0, 0)).as("of a connection that is closed").isTrue();

    streams.ended(2);
    assertThat(streams.isFull()).isFalse();
    begin(1);
    assertThat(allows(100, 1, 1)).isTrue();
  }
}
