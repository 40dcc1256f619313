package dev.glimpse.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RepositoryWarningsTest {

  private final RepositoryWarnings warnings = new RepositoryWarnings();

  @Test
  void eachIsLoggedOnceForAsLongAsItApplies() {
    assertThat(warnings.added(List.of("one"))).containsExactly("one");
    assertThat(warnings.added(List.of("one", "two"))).containsExactly("two");
    assertThat(warnings.added(List.of("two"))).isEmpty();
    assertThat(warnings.added(List.of("one", "two"))).containsExactly("one");
  }

  @Test
  void thousandsAreFewLines() {
    List<String> lines =
        warnings.added(IntStream.range(0, 3000).mapToObj(i -> "Ignored: folder " + i).toList());

    assertThat(lines).hasSize(21).last().isEqualTo("And 2980 more such folders.");
  }
}
