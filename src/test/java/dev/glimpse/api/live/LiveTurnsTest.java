package dev.glimpse.api.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveTurnsTest {

  private final List<String> begun = new ArrayList<>();

  private LiveTurns.Contender contender(String name) {
    return () -> begun.add(name);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 1", "4, 2", "5, 2", "16, 8"})
  void halfOfTheWorkersAreLeftToOthers(int workers, int most) {
    LiveTurns turns = new LiveTurns(workers);

    for (int i = 0; i < 20; i++) {
      turns.ask(contender("c" + i));
    }

    assertThat(begun).hasSize(most);
    for (int i = most; i < 20; i++) {
      turns.release();
    }
    assertThat(begun).hasSize(20);
  }

  @Test
  void connectionsTakeTurnsInTheOrderInWhichTheyAsked() {
    LiveTurns turns = new LiveTurns(2);
    LiveTurns.Contender a = contender("a");
    LiveTurns.Contender b = contender("b");
    LiveTurns.Contender c = contender("c");
    turns.ask(a);
    turns.ask(b);
    turns.ask(a); // its next frame
    turns.ask(c);
    turns.ask(b); // waits already
    for (int i = 0; i < 3; i++) {
      turns.release();
    }

    assertThat(begun).containsExactly("a", "b", "a", "c");
  }

  @Test
  void whoLeavesGetsNoTurn() {
    LiveTurns turns = new LiveTurns(2);
    LiveTurns.Contender b = contender("b");
    turns.ask(contender("a"));
    turns.ask(b);
    turns.ask(contender("c"));
    turns.leave(b);
    turns.release();

    assertThat(begun).containsExactly("a", "c");
  }
}
