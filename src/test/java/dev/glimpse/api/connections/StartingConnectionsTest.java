package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartingConnectionsTest {

  private final StartingConnections<String> starting = new StartingConnections<>(2, 3);
  private final List<String> started = new ArrayList<>();
  private final List<String> givenUp = new ArrayList<>();

  @Test
  void startsAsManyAsMayBeStarting() {
    add("a1", "a2", "a3");
    assertThat(started).containsExactly("a1", "a2");

    starting.started();

    assertThat(started).containsExactly("a1", "a2", "a3");
  }

  @Test
  void aClientWaitsForOneConnectionOfAnother() {
    add("a1", "a2", "a3", "a4", "b1");

    starting.started();
    starting.started();
    starting.started();

    assertThat(started).containsExactly("a1", "a2", "a3", "b1", "a4");
  }

  @Test
  void theLastConnectionOfTheClientWithMostIsGivenUp() {
    add("a1", "a2", "a3", "a4", "b1", "b2", "c1");
    assertThat(givenUp).containsExactly("a4", "b2");

    for (int i = 0; i < 5; i++) {
      starting.started();
    }
    assertThat(started).containsExactly("a1", "a2", "a3", "b1", "c1");
  }

  @Test
  void whenNoneWaitsThereIsRoomForTheNext() {
    add("a1", "a2");
    starting.started();
    starting.started();
    add("a3", "a4", "a5");
    assertThat(started).containsExactly("a1", "a2", "a3", "a4");
  }

  @Test
  void allAreStartedWhereNoMoreWillCome() {
    add("a1", "a2", "a3", "b1");
    starting.startAll();
    assertThat(started).containsExactly("a1", "a2", "a3", "b1");

    for (int i = 0; i < 3; i++) {
      starting.started();
    }
    add("a4", "a5");
    assertThat(started).containsExactly("a1", "a2", "a3", "b1", "a4");
  }

  /** Adds connections that are named after their clients. */
  private void add(String... names) {
    for (String name : names) {
      starting.add(
          name.substring(0, 1),
          new StartingConnections.Waiting() {
            @Override
            public void start() {
              started.add(name);
            }

            @Override
            public void giveUp() {
              givenUp.add(name);
            }
          });
    }
  }
}
