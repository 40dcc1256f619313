package dev.glimpse.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.UnreadableImage;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Checks which exceptions record their stack. */
class StackTracesTest {

  private final Logger log = Logger.getLogger(StackTraces.class.getName());
  private final Level level = log.getLevel();

  @AfterEach
  void resetLevel() {
    log.setLevel(level);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "INTERNAL")
  void refusalsHaveNone(Failure failure) {
    assertThat(new ServingException(failure, "in a test").getStackTrace()).isEmpty();
    assertThat(new ServingException(failure, "in a test", 1).getStackTrace()).isEmpty();
  }

  @Test
  void unreadableImagesHaveNone() {
    assertThat(new UnreadableImage("truncated").getStackTrace()).isEmpty();
  }

  @Test
  void anInternalErrorHasOne() {
    assertThat(new ServingException(Failure.INTERNAL, "in a test").getStackTrace()).isNotEmpty();
  }

  @Test
  void refusalsHaveOneWhereTheLogShowsIt() {
    log.setLevel(Level.ALL);

    assertThat(ServingException.invalid("top_k", "must be 1").getStackTrace()).isNotEmpty();
    assertThat(new UnreadableImage("truncated").getStackTrace()).isNotEmpty();
  }
}
