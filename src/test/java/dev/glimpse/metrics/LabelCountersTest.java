package dev.glimpse.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelCountersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void eachLabelOfASmallModelHasItsOwnCounter() {
    LabelCounters counters = counters(LabelCounters.MOST);
    for (int i = 0; i < LabelCounters.MOST; i++) {
      counters.count("class " + i);
    }
    counters.count("class 0");

    assertThat(counts()).hasSize(LabelCounters.MOST).doesNotContainKey(LabelCounters.OTHER);
    assertThat(counts()).containsEntry("class 0", 2).containsEntry("class 99", 1);
  }

  @Test
  void ofALargeModelTheFirstLabelsHaveTheirOwnAndTheOthersOne() {
    LabelCounters counters = counters(1000);
    for (int i = 0; i < 1000; i++) {
      counters.count("class " + i);
    }

    assertThat(counts()).hasSize(LabelCounters.AT_ONCE + 1);
    assertThat(counts()).containsEntry(LabelCounters.OTHER, 1000 - LabelCounters.AT_ONCE);
  }

  @Test
  void labelThatBecomesFrequentGetsItsOwnAndKeepsIt() {
    LabelCounters counters = counters(1000);
    for (int i = 0; i < 1000; i++) {
      counters.count("class " + i);
    }
    for (int i = 0; i < 20; i++) {
      counters.count("late");
    }
    assertThat(counts()).containsKey("late");
    int before = counts().get("late");
    for (int i = 0; i < 10_000; i++) {
      counters.count("class " + i % 1000);
    }
    counters.count("late");

    assertThat(counts()).containsEntry("late", before + 1);
  }

  @Test
  void thereAreNeverMoreThanAHundredAndOneAndNothingIsLost() {
    LabelCounters counters = counters(100_000);
    int all = 0;
    for (int label = 0; label < 40_000; label++) {
      int times = label % 400 == 0 ? 200 : 1;
      for (int i = 0; i < times; i++, all++) {
        counters.count("class " + label);
      }
    }

    assertThat(counts()).hasSizeLessThanOrEqualTo(LabelCounters.MOST + 1);
    assertThat(sum()).isEqualTo(all);
  }

  @Test
  void noCounterEverFalls() {
    LabelCounters counters = counters(1000);
    Map<String, Integer> before = Map.of();
    for (int i = 0; i < 5000; i++) {
      counters.count("class " + (int) (1000 * Math.pow((i * 37 % 1000) / 1000.0, 3)));
      if (i % 100 == 0) {
        Map<String, Integer> now = counts();
        before.forEach((label, count) -> assertThat(now.get(label)).isGreaterThanOrEqualTo(count));
        before = now;
      }
    }
  }

  @Test
  void countsOfManyThreadsAddUp() throws Exception {
    LabelCounters counters = counters(1000);
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(() -> {
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            IntStream.range(0, 5000).forEach(i -> counters.count("class " + i % 300));
          });
      thread.start();
      threads.add(thread);
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(sum()).isEqualTo(4 * 5000);
    assertThat(counts()).hasSizeLessThanOrEqualTo(LabelCounters.MOST + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "daisy, daisy",
    "'', (empty)",
    "' ', (empty)",
    "雏菊, 雏菊",
  })
  void labelsAreTagsThatCanBeRead(String label, String tag) {
    assertThat(LabelCounters.tag(label)).isEqualTo(tag);
  }

  @Test
  void controlCharactersAreShown() {
    assertThat(LabelCounters.tag("a\nb\u202e")).isEqualTo("a\\u000ab\\u202e");
  }

  @Test
  void longLabelsAreCutBetweenCharacters() {
    assertThat(LabelCounters.tag("x".repeat(100))).isEqualTo("x".repeat(100));
    assertThat(LabelCounters.tag("x".repeat(101))).isEqualTo("x".repeat(100) + "…");
    assertThat(LabelCounters.tag("x".repeat(99) + "🌼🌼")).isEqualTo("x".repeat(99) + "…");
  }

  private LabelCounters counters(int classes) {
    return new LabelCounters(
        classes, label -> Counter.builder("predictions").tag("label", label).register(registry));
  }

  private Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    registry
        .find("predictions")
        .counters()
        .forEach(counter -> counts.put(counter.getId().getTag("label"), (int) counter.count()));
    return counts;
  }

  private int sum() {
    return counts().values().stream().mapToInt(Integer::intValue).sum();
  }
}
