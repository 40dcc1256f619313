package dev.glimpse.metrics;

import io.quarkus.runtime.ImageMode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * Names the program that runs.
 *
 * @param version the release
 * @param commit the commit that it was built from; empty if the build did not know it
 * @param runtime {@code native} or {@code jvm}
 */
public record BuildInfo(String version, String commit, String runtime) {

  private static final String FILE = "/build.properties";

  /** Reads the file that the build has written, which takes about a tenth of a millisecond. */
  public static BuildInfo read() {
    Properties built = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream(FILE)) {
      if (in != null) {
        built.load(in);
      }
    } catch (IOException e) {
      // It is a part of the program; without it, the version is unknown.
    }
    return new BuildInfo(
        value(built, "version", "unknown"),
        value(built, "commit", ""),
        ImageMode.current() == ImageMode.NATIVE_RUN ? "native" : "jvm");
  }

  /** Returns a value, unless the build had nothing to put in its place. */
  private static String value(Properties built, String key, String unknown) {
    String value = built.getProperty(key, unknown);
    return value.isBlank() || value.startsWith("${") ? unknown : value;
  }

  /** Returns the text for {@code --version}: {@code glimpse 1.0.0 (native, commit 0123abc)}. */
  public String text() {
    return "glimpse %s (%s%s)"
        .formatted(version, runtime, commit.isEmpty() ? "" : ", commit " + commit);
  }
}
