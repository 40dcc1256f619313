package dev.glimpse.events;

import dev.glimpse.config.EventsConfig;
import dev.glimpse.config.ReloadedFile;
import dev.glimpse.config.ReloadedFile.InvalidTextException;
import dev.glimpse.failure.Printable;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Creates the sink that the settings name. */
final class Sinks {

  private static final String FILE = "glimpse.events.authorization-file";

  private static final Pattern HEADER =
      Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,31} [\\x21-\\x7e]{1,8192}");

  private Sinks() {}

  /**
   * Creates the sink.
   *
   * @param target the setting {@code glimpse.events}
   * @throws ConfigurationException if the settings are wrong
   */
  static Sink of(String target, EventsConfig settings) {
    Target known = Target.of(target);
    return known.isFile() ? file(known.path(), settings) : http(known, settings);
  }

  private static Sink file(Path path, EventsConfig settings) {
    Path folder = path.getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(path)) {
      throw new ConfigurationException(
          "glimpse.events names the file %s, which is a folder or is in none; create its folder, or correct the setting."
              .formatted(Printable.of(path.toString())));
    }
    return new FileSink(path, settings.file().maxSize().asLongValue(), settings.file().files());
  }

  private static Sink http(Target target, EventsConfig settings) {
    return new HttpSink(
        target.address(), settings.mode(), authorization(target, settings), settings.timeout());
  }

  private static Supplier<Optional<String>> authorization(Target target, EventsConfig settings) {
    long given =
        Stream.of(target.authorization(), settings.authorization(), settings.authorizationFile())
            .filter(Optional::isPresent)
            .count();
    if (given > 1) {
      throw new ConfigurationException(
          "The receiver of events needs one authorization: a user in glimpse.events,"
              + " glimpse.events.authorization or glimpse.events.authorization-file; leave out the"
              + " others.");
    }
    if (settings.authorizationFile().isPresent()) {
      ReloadedFile<String> file =
          new ReloadedFile<>(
              settings.authorizationFile().get(), FILE, Sinks::header, System::nanoTime);
      return () -> Optional.of(file.get());
    }
    Optional<String> header = target.authorization().or(settings::authorization);
    return () -> header;
  }

  private static String header(String text) {
    String header = text.strip();
    if (!HEADER.matcher(header).matches()) {
      throw new InvalidTextException(
          "it must hold a scheme, a space and visible ASCII characters, such as Bearer …");
    }
    return header;
  }
}
