package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.memory.MemoryLimits;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What deploy/ tells a platform about Glimpse's container is so. */
class WorkloadsTest {

  private static final String ALL = "dev.glimpse.deploy.Workload#all";

  /** From the end of {@code glimpse.drain.max} to the end of the process: deploy/README.md. */
  private static final Duration AFTER_DRAIN = Duration.ofSeconds(27 - 10);

  /** What deploy/docker/try.sh gives the native container. */
  private static final BigDecimal LEAST_MEMORY = Quantity.getAmountInBytes(new Quantity("256Mi"));

  /** What bodies have in the least memory, where {@code glimpse.image.max-bytes} is more. */
  private static final long TWO_PHOTOS = 24 << 20;

  @ParameterizedTest
  @MethodSource(ALL)
  void thePortIsTheOneThatGlimpseListensOn(Workload workload) throws Exception {
    Properties properties = new Properties();
    try (InputStream in =
        Files.newInputStream(Path.of("src/main/resources/application.properties"))) {
      properties.load(in);
    }
    assertThat(workload.container().getPorts())
        .singleElement()
        .extracting(ContainerPort::getContainerPort)
        .hasToString(
            properties.getProperty("quarkus.http.port").replaceAll(".*\\$\\{PORT:(\\d+)}.*", "$1"));
  }

  @Test
  void knativeIsToldTheProtocol() {
    assertThat(Workload.knative().container().getPorts().get(0).getName()).isEqualTo("http1");
    assertThat(Workload.kserve().container().getPorts().get(0).getName()).isEqualTo("http1");
    assertThat(Workload.kserveRuntime().container().getPorts().get(0).getName()).isEqualTo("http1");
  }

  /** Where all is to come by HTTP/2, one patch says so to Knative and to Cloud Run. */
  @ParameterizedTest
  @ValueSource(strings = {"knative/service.yaml", "cloud-run/service.yaml"})
  void forGrpcThePortIsNamedH2c(String file) throws IOException {
    JsonNode tree = Manifests.tree(file);
    for (Manifests.Operation step :
        Manifests.read("knative/grpc-patch.yaml", Manifests.Operation[].class)) {
      assertThat(step.op()).isEqualTo("replace");
      JsonPointer path = JsonPointer.compile(step.path());
      assertThat(tree.at(path).asText()).isEqualTo("http1");
      ((ObjectNode) tree.at(path.head())).put(path.last().getMatchingProperty(), step.value());
    }
    assertThat(tree.at("/spec/template/spec/containers/0/ports/0/name").asText()).isEqualTo("h2c");
  }

  @Test
  void kserveKnowsTheContainerByItsName() {
    assertThat(Workload.kserve().container().getName()).isEqualTo("kserve-container");
    assertThat(Workload.kserveRuntime().container().getName()).isEqualTo("kserve-container");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void everyVariableIsASettingWithAGoodValue(Workload workload) {
    assertThat(workload.environment()).isNotEmpty();
    assertThat(workload.config()).isNotNull();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void thereIsMemoryEnoughAndNotLessThanAskedFor(Workload workload) {
    Map<String, Quantity> requests = workload.container().getResources().getRequests();
    Map<String, Quantity> limits = workload.container().getResources().getLimits();
    assertThat(requests).containsOnlyKeys("cpu", "memory");
    assertThat(limits).containsOnlyKeys("cpu", "memory");
    requests.forEach((name, asked) ->
        assertThat(Quantity.getAmountInBytes(limits.get(name)))
            .as(name)
            .isGreaterThanOrEqualTo(Quantity.getAmountInBytes(asked)));
    assertThat(Quantity.getAmountInBytes(requests.get("memory")))
        .isGreaterThanOrEqualTo(LEAST_MEMORY);
  }

  /** The budgets are derived from the container's memory, and each is smaller than the heap. */
  @ParameterizedTest
  @MethodSource(ALL)
  void theLargestBodyFitsTheContainersMemory(Workload workload) throws Exception {
    Map<String, Quantity> memory = workload.container().getResources().getLimits();
    long container = Quantity.getAmountInBytes(memory.get("memory")).longValue();
    long largest = workload.config().image().maxBytes().asLongValue();
    assertBodiesFit(container, largest);
    assertBodiesFit(LEAST_MEMORY.longValue(), TWO_PHOTOS);
  }

  private static void assertBodiesFit(long container, long atLeast) throws Exception {
    MemoryLimits limits = new MemoryLimits(container * heapPercent() / 100, container);
    // An eighth is for the first bytes of bodies.
    assertThat(limits.bodies(atLeast) / 8 * 7).isGreaterThanOrEqualTo(atLeast);
    assertThat(limits.bodies(atLeast) + limits.work()).isLessThanOrEqualTo(limits.heap() / 2);
  }

  @Test
  void aJvmWithoutMemoryIsRestarted() throws Exception {
    assertThat(heapPercent()).isBetween(50, 75);
    assertThat(Files.readString(Manifests.FOLDER.resolve("docker/Dockerfile.jvm")))
        .contains("-XX:+ExitOnOutOfMemoryError");
  }

  private static int heapPercent() throws Exception {
    String file = Files.readString(Manifests.FOLDER.resolve("docker/Dockerfile.jvm"));
    Matcher percent = Pattern.compile("-XX:MaxRAMPercentage=([0-9]+)").matcher(file);
    assertThat(percent.find()).isTrue();
    return Integer.parseInt(percent.group(1));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void nobodyIsKilledBeforeItHasEnded(Workload workload) {
    Duration end = workload.head().plus(workload.config().drain().max()).plus(AFTER_DRAIN);
    assertThat(workload.grace()).isGreaterThanOrEqualTo(end);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void whatIsLetInFindsAPlace(Workload workload) {
    BigDecimal workers =
        Quantity.getAmountInBytes(workload.container().getResources().getLimits().get("cpu"));
    long places = workers.longValue() + workload.config().queue().size();
    workload.concurrency().ifPresent(count -> assertThat(count).isBetween(1L, places));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aRequestHasTheTimeThatGlimpseGivesIt(Workload workload) {
    long deadline = workload.config().deadline().defaultTime().toSeconds();
    workload.timeout().ifPresent(time -> assertThat(time).isGreaterThanOrEqualTo(deadline));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void itRunsWithNoMoreRightsThanItNeeds(Workload workload) throws Exception {
    SecurityContext security = workload.container().getSecurityContext();
    String container = Files.readString(Manifests.FOLDER.resolve("docker/Dockerfile.native"));
    assertThat(container).contains("\nUSER " + security.getRunAsUser() + "\n");
    assertThat(container).contains("-t " + workload.container().getImage() + " ");
    assertThat(security.getRunAsNonRoot()).isTrue();
    assertThat(security.getReadOnlyRootFilesystem()).isTrue();
    assertThat(security.getAllowPrivilegeEscalation()).isFalse();
    assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(security.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void thereIsAWritableTmp(Workload workload) {
    assertThat(workload.container().getVolumeMounts())
        .singleElement()
        .extracting(VolumeMount::getMountPath)
        .isEqualTo("/tmp");
    assertThat(workload.volumes())
        .singleElement()
        .satisfies(volume -> assertThat(volume.getEmptyDir()).isNotNull())
        .extracting(Volume::getName)
        .isEqualTo(workload.container().getVolumeMounts().get(0).getName());
  }
}
