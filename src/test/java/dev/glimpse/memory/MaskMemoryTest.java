package dev.glimpse.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import org.junit.jupiter.api.Test;

class MaskMemoryTest {

  private final MaskMemory memory = new MaskMemory(100);

  @Test
  void whatIsTakenIsFreeAgainWhenItIsClosed() {
    MaskMemory.Share first = memory.open();
    MaskMemory.Share second = memory.open();
    assertThat(first.take(60)).isTrue();
    assertThat(second.take(60)).isFalse();
    assertThat(second.take(40)).isTrue();
    assertThat(memory.used()).isEqualTo(100);

    first.close();
    first.close();
    assertThat(memory.used()).isEqualTo(40);
    assertThat(memory.open().take(60)).isTrue();
  }

  @Test
  void whatWouldNeverFitIsTooLarge() {
    ServingException e =
        catchThrowableOfType(ServingException.class, () -> memory.open().take(101));

    assertThat(e.failure()).isEqualTo(Failure.TOO_LARGE);
    assertThat(memory.used()).isZero();
  }
}
