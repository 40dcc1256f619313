package dev.glimpse.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Serves a repository that a test changes, and enables reloading by request. */
public class ChangingModels implements QuarkusTestProfile {

  public static final String TOKEN = "sesame-open-sesame-open";

  /** Shared by the test and its service, whose class loaders may each have loaded this class. */
  private static final Path FOLDER = Path.of("target/changing-models").toAbsolutePath();

  public static Repository repository() {
    return new Repository(FOLDER);
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    try {
      Files.createDirectories(FOLDER);
      repository().delete("");
      repository().put("colors/1", "colors", 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of(
        "glimpse.models.path",
        FOLDER.toString(),
        "glimpse.repository.control",
        "true",
        "glimpse.admin.token",
        TOKEN);
  }
}
