package dev.glimpse.api.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class PendingAddsTest {

  private final PendingAdds adds = new PendingAdds();
  private final List<CompletableFuture<String>> started = new ArrayList<>();

  private CompletionStage<String> add() {
    CompletableFuture<String> kept = new CompletableFuture<>();
    started.add(kept);
    return kept;
  }

  @Test
  void oneTooManyIsRefusedUntilAnotherIsKeptOrFails() {
    for (int i = 0; i < PendingAdds.MAX; i++) {
      adds.start(this::add);
    }
    assertRefused();
    started.get(0).complete("kept");
    started.get(1).completeExceptionally(new IllegalStateException("full"));
    adds.start(this::add);
    adds.start(this::add);
    assertRefused();
    assertThat(started).hasSize(PendingAdds.MAX + 2);
  }

  @Test
  void whatThrowsTakesNoPlace() {
    for (int i = 0; i < PendingAdds.MAX + 1; i++) {
      assertThatThrownBy(() ->
              adds.start(() -> {
                throw new IllegalStateException("closed");
              }))
          .hasMessage("closed");
    }
  }

  private void assertRefused() {
    assertThatThrownBy(() -> adds.start(this::add))
        .isInstanceOfSatisfying(
            ServingException.class,
            refused -> assertThat(refused.failure()).isEqualTo(Failure.OVERLOADED));
  }
}
