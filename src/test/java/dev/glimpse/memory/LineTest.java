package dev.glimpse.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.memory.Line.Wait;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTest {

  private final MemoryBudget budget = new MemoryBudget(1);

  /** How often one client was compared with another, or looked up. */
  private long visits;

  /** Is looked up by its hash, which it counts. */
  private final class CountingKey {

    @Override
    public int hashCode() {
      visits++;
      return super.hashCode();
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }
  }

  private Wait waitOf(Object client) {
    return new Wait(budget.open(client), 1, new CompletableFuture<>());
  }

  @Test
  void manyClientsThatWaitCostTheNextOneLittle() {
    Line line =
        new Line((a, b) -> {
          visits++;
          return Line.LATEST_FIRST.compare(a, b);
        });
    int clients = 4096;
    for (int i = 0; i < clients; i++) {
      line.add(waitOf(new CountingKey()));
    }

    for (int i = 0; i < clients; i++) {
      Wait next = line.first();
      line.granted(next.owner(), 1);
      line.remove(next);
      line.granted(next.owner(), -1);
    }

    assertThat(line.size()).isZero();
    assertThat(visits).isLessThan(100L * clients); // a scan would make it 4096 * 2048
  }

  @Test
  void thoseOfANetworkAreCounted() {
    Line line = new Line(Line.EARLIEST_FIRST);
    Wait first = new Wait(budget.open("here", "a"), 1, new CompletableFuture<>());
    Wait second = new Wait(budget.open("here", "b"), 1, new CompletableFuture<>());
    line.add(first);
    line.add(second);
    line.add(new Wait(budget.open("there", "c"), 1, new CompletableFuture<>()));
    assertThat(line.waiting("here")).isEqualTo(2);
    assertThat(line.waiting("there")).isEqualTo(1);
    assertThat(line.waiting("nowhere")).isZero();

    line.remove(first);
    line.remove(first);
    assertThat(line.waiting("here")).isEqualTo(1);
    line.remove(second);
    assertThat(line.waiting("here")).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFirstIsThatOfTheClientWithTheLeast(boolean latestFirst) {
    Line line = new Line(latestFirst ? Line.LATEST_FIRST : Line.EARLIEST_FIRST);
    Scan expected = new Scan(latestFirst);
    List<Object> clients = List.of("a", "b", "c", "d", "e", "f");
    Random random = new Random(1);
    List<Wait> waits = new ArrayList<>();
    for (int step = 0; step < 5000; step++) {
      Object client = clients.get(random.nextInt(clients.size()));
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          Wait wait = waitOf(client);
          waits.add(wait);
          line.add(wait);
          expected.add(wait, step);
        }
        case 2 -> {
          long bytes = random.nextInt(4) - expected.held.getOrDefault(client, 0L);
          line.granted(budget.open(client), bytes);
          expected.held.merge(client, bytes, Long::sum);
        }
        default -> {
          if (!waits.isEmpty()) {
            Wait wait = waits.remove(random.nextInt(waits.size()));
            line.remove(wait);
            line.remove(wait);
            expected.waits.remove(wait);
          }
        }
      }
      assertThat(line.first()).isSameAs(expected.first());
      assertThat(line.size()).isEqualTo(waits.size());
      assertThat(line.held(client)).isEqualTo(expected.held.getOrDefault(client, 0L));
    }
  }

  @Test
  void aNetworkWithManyClientsKeepsNoOtherWaiting() {
    Line line = new Line(Line.EARLIEST_FIRST);
    Wait first = waitOf("network", "a");
    Wait second = waitOf("network", "b");
    Wait other = waitOf("another network", "c");
    line.granted(waitOf("network", "d").owner(), 1);
    line.add(first);
    line.add(second);
    assertThat(line.first()).isSameAs(first);

    line.add(other);

    assertThat(line.first()).isSameAs(other);
    line.remove(other);
    line.granted(first.owner(), 5);
    assertThat(line.first()).as("the client that holds less of it").isSameAs(second);
    line.granted(other.owner(), 7);
    line.add(other);
    assertThat(line.first()).as("a network that holds less").isSameAs(second);
    line.granted(other.owner(), -2);
    assertThat(line.first()).isSameAs(other);
  }

  @Test
  void amongNetworksThatHoldAsMuchTheOneWhoseFirstAskedFirstIsFirst() {
    Line line = new Line(Line.EARLIEST_FIRST);
    Wait first = waitOf("network", "a");
    Wait other = waitOf("another network", "b");
    Wait late = waitOf("network", "c");
    line.add(first);
    line.add(other);
    line.add(late);

    assertThat(line.first()).isSameAs(first);
    line.remove(first);
    assertThat(line.first()).isSameAs(other);
    line.remove(other);
    assertThat(line.first()).isSameAs(late);
  }

  private Wait waitOf(Object network, Object client) {
    return new Wait(budget.open(network, client), 1, new CompletableFuture<>());
  }

  /** Finds the first by looking at all that wait. */
  private record Scan(
      boolean latestFirst, List<Wait> waits, Map<Object, Integer> began, Map<Object, Long> held) {

    Scan(boolean latestFirst) {
      this(latestFirst, new ArrayList<>(), new HashMap<>(), new HashMap<>());
    }

    void add(Wait wait, int step) {
      if (waits.stream().noneMatch(other -> client(other).equals(client(wait)))) {
        began.put(client(wait), latestFirst ? -step : step);
      }
      waits.add(wait);
    }

    @Nullable Wait first() {
      Comparator<Wait> order =
          Comparator.comparingLong(wait -> held.getOrDefault(client(wait), 0L));
      return waits.stream().min(order.thenComparing(wait -> began.get(client(wait)))).orElse(null);
    }

    private static Object client(Wait wait) {
      return wait.owner().client;
    }
  }
}
