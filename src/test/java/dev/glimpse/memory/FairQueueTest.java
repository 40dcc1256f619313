package dev.glimpse.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.memory.FairQueue.Wait;
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

class FairQueueTest {

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
    FairQueue queue =
        new FairQueue((a, b) -> {
          visits++;
          return FairQueue.LATEST_FIRST.compare(a, b);
        });
    int clients = 4096;
    for (int i = 0; i < clients; i++) {
      queue.add(waitOf(new CountingKey()));
    }

    for (int i = 0; i < clients; i++) {
      Wait next = queue.first();
      queue.granted(next.owner(), 1);
      queue.remove(next);
      queue.granted(next.owner(), -1);
    }

    assertThat(queue.size()).isZero();
    assertThat(visits).isLessThan(100L * clients); // a scan would make it 4096 * 2048
  }

  @Test
  void thoseOfANetworkAreCounted() {
    FairQueue queue = new FairQueue(FairQueue.EARLIEST_FIRST);
    Wait first = new Wait(budget.open("here", "a"), 1, new CompletableFuture<>());
    Wait second = new Wait(budget.open("here", "b"), 1, new CompletableFuture<>());
    queue.add(first);
    queue.add(second);
    queue.add(new Wait(budget.open("there", "c"), 1, new CompletableFuture<>()));
    assertThat(queue.waiting("here")).isEqualTo(2);
    assertThat(queue.waiting("there")).isEqualTo(1);
    assertThat(queue.waiting("nowhere")).isZero();

    queue.remove(first);
    queue.remove(first);
    assertThat(queue.waiting("here")).isEqualTo(1);
    queue.remove(second);
    assertThat(queue.waiting("here")).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFirstIsThatOfTheClientWithTheLeast(boolean latestFirst) {
    FairQueue queue =
        new FairQueue(latestFirst ? FairQueue.LATEST_FIRST : FairQueue.EARLIEST_FIRST);
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
          queue.add(wait);
          expected.add(wait, step);
        }
        case 2 -> {
          long bytes = random.nextInt(4) - expected.held.getOrDefault(client, 0L);
          queue.granted(budget.open(client), bytes);
          expected.held.merge(client, bytes, Long::sum);
        }
        default -> {
          if (!waits.isEmpty()) {
            Wait wait = waits.remove(random.nextInt(waits.size()));
            queue.remove(wait);
            queue.remove(wait);
            expected.waits.remove(wait);
          }
        }
      }
      assertThat(queue.first()).isSameAs(expected.first());
      assertThat(queue.size()).isEqualTo(waits.size());
      assertThat(queue.held(client)).isEqualTo(expected.held.getOrDefault(client, 0L));
    }
  }

  @Test
  void aNetworkWithManyClientsKeepsNoOtherWaiting() {
    FairQueue queue = new FairQueue(FairQueue.EARLIEST_FIRST);
    Wait first = waitOf("network", "a");
    Wait second = waitOf("network", "b");
    Wait other = waitOf("another network", "c");
    queue.granted(waitOf("network", "d").owner(), 1);
    queue.add(first);
    queue.add(second);
    assertThat(queue.first()).isSameAs(first);

    queue.add(other);

    assertThat(queue.first()).isSameAs(other);
    queue.remove(other);
    queue.granted(first.owner(), 5);
    assertThat(queue.first()).as("the client that holds less of it").isSameAs(second);
    queue.granted(other.owner(), 7);
    queue.add(other);
    assertThat(queue.first()).as("a network that holds less").isSameAs(second);
    queue.granted(other.owner(), -2);
    assertThat(queue.first()).isSameAs(other);
  }

  @Test
  void amongNetworksThatHoldAsMuchTheOneWhoseFirstAskedFirstIsFirst() {
    FairQueue queue = new FairQueue(FairQueue.EARLIEST_FIRST);
    Wait first = waitOf("network", "a");
    Wait other = waitOf("another network", "b");
    Wait late = waitOf("network", "c");
    queue.add(first);
    queue.add(other);
    queue.add(late);

    assertThat(queue.first()).isSameAs(first);
    queue.remove(first);
    assertThat(queue.first()).isSameAs(other);
    queue.remove(other);
    assertThat(queue.first()).isSameAs(late);
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
