package dev.glimpse.postprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopKTest {

  private static final List<String> LABELS = List.of("a", "b", "c", "d");

  @Test
  void returnsTheBestFirst() {
    assertThat(TopK.of(new float[] {0.1f, 0.4f, 0.2f, 0.3f}, 3, LABELS))
        .containsExactly(
            new Classification("b", 0.4f, 1),
            new Classification("d", 0.3f, 3),
            new Classification("c", 0.2f, 2));
  }

  @Test
  void ordersEqualScoresByIndex() {
    assertThat(TopK.of(new float[] {0.25f, 0.25f, 0.25f, 0.25f}, 2, LABELS))
        .extracting(Classification::index)
        .containsExactly(0, 1);
  }

  /** Of few different scores, so that many are equal, and of classes in any order. */
  @Test
  void equalsASort() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 200; round++) {
      double[] scores = random.doubles(random.nextInt(1, 60)).map(s -> Math.floor(s * 9)).toArray();
      List<Integer> sorted =
          IntStream.range(0, scores.length)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer i) -> -scores[i])) // stable
              .toList();
      int k = random.nextInt(1, scores.length + 1);
      assertThat(TopK.of(scores.length, i -> scores[i], k)).isEqualTo(sorted.subList(0, k));
    }
  }

  @Test
  void returnsAllClasses() {
    assertThat(TopK.of(new float[] {0, 1, 2, 3}, 4, LABELS))
        .extracting(Classification::label)
        .containsExactly("d", "c", "b", "a");
  }
}
