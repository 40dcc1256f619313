package dev.glimpse.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.support.Fixtures;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PreprocessingTest {

  @Test
  void theShorterEdgeIsScaledAsByHuggingFace() {
    var rows = Fixtures.table("golden/resize-size.tsv");
    assertThat(rows).hasSizeGreaterThan(30);
    for (var row : rows) {
      Size size =
          new ShortestEdge(Integer.parseInt(row.get("shortest_edge")))
              .of(Integer.parseInt(row.get("width")), Integer.parseInt(row.get("height")));
      assertThat(size)
          .as(row.toString())
          .isEqualTo(
              new Size(
                  Integer.parseInt(row.get("resized_width")),
                  Integer.parseInt(row.get("resized_height"))));
    }
  }

  /** Torchvision rounds half of the lines to cut off, 0.5, 1.5 and 2.5, to even. */
  @Test
  void theOddLineIsCutOffAsByEachLibrary() {
    assertThat(IntStream.of(0, 1, 2, 3, 4, 5).map(Centre.TRANSFORMERS::cut))
        .containsExactly(0, 0, 1, 1, 2, 2);
    assertThat(IntStream.of(0, 1, 2, 3, 4, 5).map(Centre.TORCHVISION::cut))
        .containsExactly(0, 0, 1, 2, 2, 2);
    assertThat(IntStream.of(0, 1, 2, 3).map(Centre.TRANSFORMERS::added))
        .containsExactly(0, 1, 1, 2);
    assertThat(IntStream.of(0, 1, 2, 3).map(Centre.TORCHVISION::added)).containsExactly(0, 0, 1, 1);
  }

  @Test
  void filtersHaveNamesInAnyCase() {
    assertThat(Filter.named("bicubic")).isEqualTo(Filter.BICUBIC);
    assertThat(Filter.named("LANCZOS")).isEqualTo(Filter.LANCZOS);
    assertThatIllegalArgumentException().isThrownBy(() -> Filter.named("random"));
  }

  @Test
  void filtersHavePillowsNumbers() {
    assertThat(Filter.ofPillow(0)).isEqualTo(Filter.NEAREST);
    assertThat(Filter.ofPillow(1)).isEqualTo(Filter.LANCZOS);
    assertThat(Filter.ofPillow(2)).isEqualTo(Filter.BILINEAR);
    assertThat(Filter.ofPillow(3)).isEqualTo(Filter.BICUBIC);
    assertThat(Filter.ofPillow(4)).isEqualTo(Filter.BOX);
    assertThat(Filter.ofPillow(5)).isEqualTo(Filter.HAMMING);
    assertThatIllegalArgumentException().isThrownBy(() -> Filter.ofPillow(6));
    assertThatIllegalArgumentException().isThrownBy(() -> Filter.ofPillow(-1));
  }
}
