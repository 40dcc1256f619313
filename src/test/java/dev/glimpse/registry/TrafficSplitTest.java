package dev.glimpse.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficSplitTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 1:1",
        "1511608417:1,1999999999 | 1511608417:1,1999999999:1",
        "2:5 | 2:5",
        "2:10,1:90 | 1:90,2:10",
        "1:0,7:3 | 1:0,7:3"
      })
  void isReadAsPeopleWriteIt(String text, String same) {
    assertThat(TrafficSplit.parse(text)).hasToString(same);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "one",
        "1:",
        "1:-1",
        "1:1:1",
        "1,",
        "1:0",
        "1:5,1:5",
        "1 :5",
        "1:5;2",
        "2000000000",
        "1,10000000000"
      })
  void rejectsAnyOtherForm(String text) {
    assertThatThrownBy(() -> TrafficSplit.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must ");
  }

  @Test
  void rejectsTooManyVersions() {
    String many =
        IntStream.range(1, 20_000).mapToObj(i -> i + ":1").collect(Collectors.joining(","));
    assertThatThrownBy(() -> TrafficSplit.parse(many)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sharesOutRandomIdsByTheWeights() {
    assertThat(share("1:90,2:10", i -> UUID.randomUUID().toString()))
        .isCloseTo(0.10, within(0.01)); // 5 standard deviations of 20,000 draws
  }

  @Test
  void sharesOutNumberedIdsByTheWeights() {
    assertThat(share("1:75,2:25", i -> "request-" + i)).isCloseTo(0.25, within(0.02));
  }

  @Test
  void theSameIdAlwaysGetsTheSameVersion() {
    TrafficSplit traffic = TrafficSplit.parse("1:50,2:50");
    for (int i = 0; i < 100; i++) {
      String id = "id" + i;
      assertThat(traffic.version("flowers", id)).isEqualTo(traffic.version("flowers", id));
    }
  }

  @Test
  void whoHadTheNewVersionKeepsItWhenItsShareGrows() {
    TrafficSplit before = TrafficSplit.parse("1:90,2:10");
    TrafficSplit after = TrafficSplit.parse("1:50,2:50");
    for (int i = 0; i < 1000; i++) {
      if (before.version("flowers", "id" + i) == 2) {
        assertThat(after.version("flowers", "id" + i)).isEqualTo(2);
      }
    }
  }

  @Test
  void twoModelsDoNotShareOutTheSameIdsAlike() {
    TrafficSplit traffic = TrafficSplit.parse("1:50,2:50");
    long alike =
        IntStream.range(0, 1000)
            .filter(i -> traffic.version("one", "id" + i) == traffic.version("other", "id" + i))
            .count();
    assertThat(alike).isBetween(400L, 600L);
  }

  @Test
  void aVersionOfNoWeightGetsNothing() {
    assertThat(share("1:0,2:1", i -> "id" + i)).isEqualTo(1);
    assertThat(share("1:1,2:0", i -> "id" + i)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"1:90,2:10 | 1", "1:10,2:90 | 2", "1:50,2:50 | 2", "3 | 3"})
  void theUsualVersionIsTheOneWithTheLargestShare(String text, int usual) {
    assertThat(TrafficSplit.parse(text).usual()).isEqualTo(usual);
  }

  /** What part of 20,000 ids gets version 2. */
  private static double share(String text, IntFunction<String> ids) {
    TrafficSplit traffic = TrafficSplit.parse(text);
    Map<Integer, Long> versions =
        IntStream.range(0, 20_000)
            .mapToObj(ids)
            .collect(
                Collectors.groupingBy(id -> traffic.version("flowers", id), Collectors.counting()));
    return versions.getOrDefault(2, 0L) / 20_000.0;
  }
}
