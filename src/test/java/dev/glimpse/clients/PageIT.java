package dev.glimpse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Command;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.GuardedModels;
import dev.glimpse.support.Node;
import dev.glimpse.support.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Uses the page in a real browser, with its fake camera, and has axe-core look for what hinders
 * people. With {@code -Dscreenshots=FOLDER} it writes screenshots there, and nothing else.
 */
@Tag("clients")
@Timeout(300)
class PageIT {

  private static final Path SCRIPTS = Path.of("src/test/clients/page");
  private static final String FIND_BROWSER =
      "for b in chromium google-chrome; do command -v $b && exit; done;"
          + " echo there is no chromium and no google-chrome; exit 1";

  private static final String SCREENSHOTS = System.getProperty("screenshots", "");

  @Test
  void withAKeyImagesAreClassifiedAndProblemsToldInWords() throws Exception {
    Assumptions.assumeTrue(SCREENSHOTS.isEmpty(), "only takes screenshots");
    Path keys = Files.createTempFile(Path.of("target"), "page-keys", ".txt");
    Files.writeString(keys, "reader " + GuardedModels.hash(GuardedModels.PREDICT) + "\n");
    try (Service service =
        Service.start(
            Map.of(
                "glimpse.models.path",
                Fixtures.MODELS.toAbsolutePath().toString(),
                "glimpse.models.default",
                "colors",
                "glimpse.image.max-bytes",
                "300K",
                "glimpse.auth.keys",
                keys.toAbsolutePath().toString()))) {
      assertThat(run("guarded", service)).contains("ok sees a 413 in words").endsWith("done");
    }
  }

  @Test
  void whenTheServiceIsBusyThePageWaitsAndSaysSo() throws Exception {
    Assumptions.assumeTrue(SCREENSHOTS.isEmpty(), "only takes screenshots");
    try (Service service =
        Service.start(
            Map.of(
                "glimpse.models.path", Fixtures.SLOW_MODELS.toAbsolutePath().toString(),
                "glimpse.workers.count", "1",
                "glimpse.queue.size", "0"))) {
      assertThat(run("slow", service)).contains("ok sees a 503 in words").endsWith("done");
    }
  }

  @Test
  void takesScreenshots() throws Exception {
    Assumptions.assumeFalse(SCREENSHOTS.isEmpty(), "takes screenshots with -Dscreenshots=FOLDER");
    Files.createDirectories(Path.of(SCREENSHOTS));
    try (Service service = Service.start(Map.of())) {
      assertThat(run("shots", service, Path.of(SCREENSHOTS).toAbsolutePath().toString()))
          .endsWith("done");
    }
  }

  private static String run(String role, Service service, String... more) throws Exception {
    String browser = Command.require("sh", "-c", FIND_BROWSER);
    Node node = Node.with(SCRIPTS);
    String[] command = new String[7 + more.length];
    command[0] = "node";
    command[1] = SCRIPTS.resolve("page.mjs").toString();
    command[2] = role;
    command[3] = "http://localhost:" + service.port() + "/";
    command[4] = browser.lines().findFirst().orElseThrow();
    command[5] = Fixtures.RESOURCES.resolve("images").toAbsolutePath().toString();
    command[6] = node.file("");
    System.arraycopy(more, 0, command, 7, more.length);
    return Command.run(command);
  }
}
