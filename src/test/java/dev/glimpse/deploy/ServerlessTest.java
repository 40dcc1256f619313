package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.config.GlimpseConfig;
import io.fabric8.knative.serving.v1.RevisionSpec;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What deploy/ tells Cloud Run and AWS Lambda about Glimpse's container is so. */
class ServerlessTest {

  /** From SIGTERM to SIGKILL. */
  private static final Duration CLOUD_RUN_GRACE = Duration.ofSeconds(10);

  private final RevisionSpec cloudRun =
      Manifests.read("cloud-run/service.yaml", Service.class).getSpec().getTemplate().getSpec();
  private final Container container = cloudRun.getContainers().get(0);
  private final JsonNode template = Manifests.tree("lambda/template.yaml");

  @Test
  void cloudRunLetsInWhatTheServiceQueuesForAsLongAsItTakes() {
    GlimpseConfig config = Workload.config(container);
    assertThat(cloudRun.getContainerConcurrency()).isBetween(1L, 1L + config.queue().size());
    assertThat(cloudRun.getTimeoutSeconds())
        .isGreaterThanOrEqualTo(config.deadline().max().toSeconds());
    assertThat(config.drain().max()).isLessThan(CLOUD_RUN_GRACE);
  }

  @Test
  void cloudRunProbesThePortAndGivesTheMemoryOfKnative() {
    Container knative = Workload.knative().container();
    assertThat(container.getPorts()).isEqualTo(knative.getPorts());
    assertThat(container.getResources().getLimits()).isEqualTo(knative.getResources().getLimits());
    assertThat(container.getStartupProbe().getHttpGet().getPath())
        .isEqualTo(Workload.kubernetes().container().getStartupProbe().getHttpGet().getPath());
    assertThat(container.getLivenessProbe().getHttpGet().getPath())
        .isEqualTo(knative.getLivenessProbe().getHttpGet().getPath());
    // Cloud Run refuses a probe that may last longer than its period.
    assertThat(container.getStartupProbe().getTimeoutSeconds())
        .isLessThanOrEqualTo(container.getStartupProbe().getPeriodSeconds());
  }

  @Test
  void theVariablesOfTheFunctionAreSettingsWithGoodValues() throws IOException {
    GlimpseConfig config = Workload.config(function());
    assertThat(config.workers().count()).hasValue(1);
    assertThat(template.at("/Resources/Glimpse/Properties/Timeout").asLong())
        .isGreaterThanOrEqualTo(config.deadline().defaultTime().toSeconds());
    assertThat(template.at("/Resources/Glimpse/Properties/MemorySize").asLong() << 20)
        .isGreaterThanOrEqualTo(Quantity.getAmountInBytes(new Quantity("512Mi")).longValueExact());
  }

  @Test
  void theFunctionIsBuiltOfTheNativeContainerAndAskedWhenItIsReady() throws IOException {
    String file = Files.readString(Manifests.FOLDER.resolve("lambda/Dockerfile"));
    JsonNode build = template.at("/Resources/Glimpse/Metadata");
    assertThat(
            Manifests.FOLDER
                .resolve("lambda")
                .resolve(build.path("DockerContext").asText())
                .resolve(build.path("Dockerfile").asText()))
        .isRegularFile();
    assertThat(file)
        .contains("\nFROM " + Workload.kubernetes().container().getImage() + "\n")
        .contains(
            "AWS_LWA_PORT="
                + Workload.kubernetes().container().getPorts().get(0).getContainerPort())
        .contains(
            "AWS_LWA_READINESS_CHECK_PATH="
                + Workload.kubernetes().container().getReadinessProbe().getHttpGet().getPath());
  }

  /** Returns a container with the service's variables of the function's file. */
  private static Container function() throws IOException {
    Matcher variables =
        Pattern.compile("(GLIMPSE_[A-Z_]+)=(\\S+)")
            .matcher(Files.readString(Path.of("deploy/lambda/Dockerfile")));
    ContainerBuilder container = new ContainerBuilder();
    while (variables.find()) {
      container.addNewEnv().withName(variables.group(1)).withValue(variables.group(2)).endEnv();
    }
    return container.build();
  }
}
