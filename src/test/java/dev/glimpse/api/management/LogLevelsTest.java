package dev.glimpse.api.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.ServingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogLevelsTest {

  private final LogContext loggers = LogContext.create();
  private final List<String> log = new ArrayList<>();
  private final LogLevels levels;

  LogLevelsTest() {
    loggers.getLogger("").setLevel(Level.INFO);
    loggers.getLogger("").addHandler(new Recorder());
    levels = new LogLevels(loggers);
  }

  private final class Recorder extends Handler {

    @Override
    public void publish(LogRecord line) {
      log.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void categoryOfThisProgramTakesAnyLevel() {
    levels.set("dev.glimpse.remote", "debug", "ann");

    assertThat(loggers.getLogger("dev.glimpse.remote.ImageDownload").isLoggable(Level.DEBUG))
        .isTrue();
    assertThat(levels.changed()).isEqualTo(Map.of("dev.glimpse.remote", "DEBUG"));
    assertThat(log).containsExactly("The level of dev.glimpse.remote is now DEBUG, set by ann");
  }

  @Test
  void defaultIsTheLevelOfTheStart() {
    loggers.getLogger("dev.glimpse.remote").setLevel(Level.WARN);
    levels.set("dev.glimpse.remote", "TRACE", "ann");
    levels.set("dev.glimpse.remote", "OFF", "ann");
    levels.set("dev.glimpse.remote", "default", "bob");

    assertThat(loggers.getLogger("dev.glimpse.remote").getLevel()).isEqualTo(Level.WARN);
    assertThat(levels.changed()).isEmpty();
    assertThat(log).last().isEqualTo("The level of dev.glimpse.remote is now DEFAULT, set by bob");
  }

  @Test
  void startIsNotTheLevelThatAParentHasBeenGivenSince() {
    loggers.getLogger("io.vertx").setLevel(Level.INFO);
    loggers.getLogger("io.vertx.core");
    levels.set("io.vertx", "ERROR", "ann");

    levels.set("io.vertx.core", "INFO", "ann");

    assertThat(loggers.getLogger("io.vertx.core").getLevel()).isEqualTo(Level.INFO);
    assertThatThrownBy(() -> levels.set("io.vertx.core", "DEBUG", "ann"))
        .isInstanceOf(ServingException.class);
  }

  /** What libraries log at lower levels may be a key, a token or a whole request. */
  @Test
  void libraryCanOnlyBeMadeQuieter() {
    loggers.getLogger("org.jose4j").setLevel(Level.WARN);
    loggers.getLogger("org.jose4j.jwk");

    levels.set("org.jose4j", "ERROR", "ann");
    levels.set("org.jose4j", "WARN", "ann");
    assertThatThrownBy(() -> levels.set("org.jose4j", "DEBUG", "ann"))
        .isInstanceOf(ServingException.class)
        .hasMessageContaining("only categories of dev.glimpse can be made to log more");
    assertThatThrownBy(() -> levels.set("org.jose4j.jwk", "INFO", "ann"))
        .isInstanceOf(ServingException.class);
    assertThat(loggers.getLogger("org.jose4j").getLevel()).isEqualTo(Level.WARN);
    assertThat(loggers.getLogger("org.jose4j.jwk").getLevel()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    ", INFO",
    "'', OFF",
    "'a b', OFF",
    "no.such.category, OFF",
    "dev.glimpsed, DEBUG",
    "dev.glimpse.log-levels, OFF",
    "dev.glimpse, FINEST",
    "dev.glimpse, ",
    "dev.glimpse, 10",
  })
  void invalidChangeIsRefused(@Nullable String category, @Nullable String level) {
    assertThatThrownBy(() -> levels.set(category, level, "ann"))
        .isInstanceOf(ServingException.class);
    assertThat(levels.changed()).isEmpty();
    assertThat(log).isEmpty();
  }

  /** Who turns everything off is still seen, and who turns it on again. */
  @Test
  void changesAreLoggedWhateverTheLevels() {
    levels.set("dev.glimpse", "OFF", "ann");
    levels.set("dev.glimpse", "DEFAULT", "ann");

    assertThat(log).hasSize(2);
  }

  @Test
  void numberOfChangedCategoriesIsBounded() {
    for (int i = 0; i < 100; i++) {
      levels.set("dev.glimpse.a" + i, "DEBUG", "ann");
    }

    assertThatThrownBy(() -> levels.set("dev.glimpse.more", "DEBUG", "ann"))
        .hasMessageContaining("there are 100");
    levels.set("dev.glimpse.a0", "TRACE", "ann");
    levels.set("dev.glimpse.a0", "DEFAULT", "ann");
    levels.set("dev.glimpse.more", "DEBUG", "ann");
    assertThat(levels.changed()).hasSize(100).containsKey("dev.glimpse.more");
  }
}
