package dev.glimpse.postprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

  @Test
  void returnsAllClasses() {
    assertThat(TopK.of(new float[] {0, 1, 2, 3}, 4, LABELS))
        .extracting(Classification::label)
        .containsExactly("d", "c", "b", "a");
  }
}
