package dev.glimpse.config;

import dev.glimpse.failure.Printable;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a file means, and reads it again when it has changed, which is looked for when the
 * value is asked for, once a second at most. A changed file that cannot be read or understood
 * changes nothing, and is logged once. For many threads at once.
 *
 * @param <T> what the file means
 */
public final class ReloadedFile<T> {

  private static final Logger LOG = Logger.getLogger(ReloadedFile.class);
  private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  /** What is compared to see that a file has changed. */
  private record State(FileTime modified, long size, @Nullable Object file) {

    static State of(Path path) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new State(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
  }

  /** Reports a text that cannot be understood. */
  public static final class InvalidTextException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Reports a text, without quoting it: it may be secret.
     *
     * @param where and what is wrong, as the rest of a sentence
     */
    public InvalidTextException(String where) {
      super(where);
    }
  }

  private final Path file;
  private final String setting;
  private final Function<String, T> parser;
  private final LongSupplier clock;
  private volatile T value;
  private volatile long looked;
  private State state;
  private boolean reported;

  /**
   * Reads a file.
   *
   * @param setting that names the file, for messages
   * @param parser throws an {@link InvalidTextException}
   * @param clock in nanoseconds
   * @throws ConfigurationException if the file cannot be read or understood
   */
  public ReloadedFile(Path file, String setting, Function<String, T> parser, LongSupplier clock) {
    this.file = file;
    this.setting = setting;
    this.parser = parser;
    this.clock = clock;
    this.looked = clock.getAsLong();
    try {
      this.state = State.of(file);
      this.value = parser.apply(Files.readString(file));
    } catch (IOException e) {
      throw new ConfigurationException(
          "%s names the file %s, which cannot be read as text; add it, or correct the setting."
              .formatted(setting, Printable.of(file.toString())));
    } catch (InvalidTextException e) {
      throw new ConfigurationException(
          "%s names the file %s: %s."
              .formatted(setting, Printable.of(file.toString()), e.getMessage()));
    }
  }

  /** Returns what the file means now. */
  public T get() {
    if (clock.getAsLong() - looked >= LOOK_EVERY_NANOS) {
      look();
    }
    return value;
  }

  private synchronized void look() {
    if (clock.getAsLong() - looked < LOOK_EVERY_NANOS) {
      return; // another thread has
    }
    looked = clock.getAsLong();
    try {
      State now = State.of(file);
      if (!now.equals(state)) {
        state = now;
        value = parser.apply(Files.readString(file));
        LOG.infof("The file of %s has changed and was read again.", setting);
      }
      reported = false;
    } catch (IOException e) {
      report("it cannot be read as text");
    } catch (InvalidTextException e) {
      report(String.valueOf(e.getMessage()));
    }
  }

  private void report(String why) {
    if (!reported) {
      reported = true;
      LOG.warnf(
          "The file of %s has changed, but %s; what was read before stays in use.", setting, why);
    }
  }
}
