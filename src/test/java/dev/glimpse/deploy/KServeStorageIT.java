package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Repository;
import dev.glimpse.support.Service;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged application with the settings of KServe's runtime, on a folder as the storage
 * initializer fills it: one model's files, without folders of the model or of its version.
 */
@Timeout(120)
class KServeStorageIT {

  @TempDir private Path folder;

  @Test
  void theModelHasTheNameOfTheInferenceServiceInBothProtocols() throws Exception {
    Map<String, String> settings =
        new HashMap<>(Workload.settings(Workload.kserveRuntime().container()));
    Path mounted = Path.of(settings.get("glimpse.models.path"));
    Path copied = folder.resolve(mounted.getParent().getFileName());
    new Repository(copied.getParent()).put("colors/1", "mnt", 1);
    Files.move(copied.resolve("1"), copied.resolve(mounted.getFileName()));
    settings.put("glimpse.models.path", copied.resolve(mounted.getFileName()).toString());
    String name = settings.get("glimpse.models.name");
    String image = Base64.getEncoder().encodeToString(Fixtures.image("red.jpg"));

    try (Service service = Service.start(settings)) {
      assertThat(service.status("/v2/models/" + name + "/ready")).isEqualTo(200);
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://localhost:%d/v1/models/%s:predict".formatted(service.port(), name)))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"instances\": [{\"b64\": \"" + image + "\"}]}"))
              .build();
      assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body())
          .startsWith("{\"predictions\":[[{\"label\":\"red\"");
    }
  }
}
