package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.glimpse.support.Command;
import dev.glimpse.support.GoTool;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kustomize itself renders each component with the base, and each overlay, to a whole pod. */
@Tag("clients")
class KustomizeTest {

  /** Below deploy/, as kustomize loads components by relative paths only. */
  private final Path folder = Manifests.FOLDER.resolve(".kustomize-test");

  private static String kustomize;

  @BeforeAll
  static void compile() throws Exception {
    kustomize = GoTool.KUSTOMIZE.program();
  }

  @AfterEach
  void delete() throws IOException {
    Files.deleteIfExists(folder.resolve("kustomization.yaml"));
    Files.deleteIfExists(folder);
  }

  static Stream<String> components() {
    return ComponentsTest.components();
  }

  static Stream<String> overlays() {
    return ComponentsTest.folders().filter(name -> name.startsWith("overlays/"));
  }

  @ParameterizedTest
  @MethodSource("components")
  void aComponentMakesAWholePod(String component) throws Exception {
    assertWhole(render(List.of(component)));
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void anOverlayMakesAWholePod(String overlay) throws Exception {
    assertWhole(build(Manifests.FOLDER.resolve(overlay)));
  }

  @Test
  void kedaTakesThePlaceOfTheAutoscaler() throws Exception {
    assertThat(render(List.of("components/keda")))
        .extracting(resource -> resource.path("kind").asText())
        .contains("ScaledObject")
        .doesNotContain("HorizontalPodAutoscaler");
  }

  private static void assertWhole(List<JsonNode> resources) throws Exception {
    JsonNode tree =
        resources.stream()
            .filter(resource -> resource.path("kind").asText().equals("Deployment"))
            .findFirst()
            .orElseThrow();
    PodSpec pod = Manifests.read(tree, Deployment.class).getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers()).hasSize(1);
    Container container = pod.getContainers().get(0);

    assertThat(Workload.config(container)).isNotNull();
    assertThat(container.getVolumeMounts())
        .extracting(VolumeMount::getMountPath)
        .contains("/tmp")
        .doesNotHaveDuplicates();
    assertThat(pod.getVolumes())
        .extracting(Volume::getName)
        .doesNotHaveDuplicates()
        .containsAll(container.getVolumeMounts().stream().map(VolumeMount::getName).toList());
    List<Probe> probes =
        List.of(
            container.getStartupProbe(),
            container.getReadinessProbe(),
            container.getLivenessProbe());
    assertThat(probes).allMatch(probe -> (probe.getHttpGet() == null) != (probe.getGrpc() == null));
    assertThat(probes)
        .filteredOn(probe -> probe.getHttpGet() != null)
        .extracting((Probe probe) -> probe.getHttpGet().getPort().getStrVal())
        .isSubsetOf(container.getPorts().stream().map(ContainerPort::getName).toList());
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
  }

  private List<JsonNode> render(List<String> components) throws Exception {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        "resources: [../kubernetes]\ncomponents: [%s]\n"
            .formatted(String.join(", ", components.stream().map(name -> "../" + name).toList())));
    return build(folder);
  }

  private static List<JsonNode> build(Path folder) throws Exception {
    String rendered = Command.run(kustomize, "build", folder.toString());
    assertThat(rendered).doesNotContain("ended with status");
    try (MappingIterator<JsonNode> resources =
        new YAMLMapper().readerFor(JsonNode.class).readValues(rendered)) {
      return resources.readAll();
    }
  }
}
