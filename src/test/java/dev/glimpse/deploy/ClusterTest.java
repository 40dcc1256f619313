package dev.glimpse.deploy;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.docs.DocumentedCommand;
import dev.glimpse.support.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kubernetes itself takes the files of deploy/, and the commands of docs/operations.md. */
@Tag("clients")
@Timeout(1800) // compiles it
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {

  /** These need a container that runs. */
  private static final List<String> NEED_CONTAINERS = List.of(" cp ", " port-forward ");

  private static final String OVERLAY = "deploy/overlays/production";

  private static final String STRICT = " --dry-run=server --validate=strict --warnings-as-errors";

  @TempDir private static Path folder;
  private static Path project;
  private static Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = Cluster.start(Files.createDirectory(folder.resolve("cluster")));
    project = Files.createDirectory(folder.resolve("project"));
    Command.run("cp", "-R", "deploy", project.toString());
    succeeds(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=glimpse.example.com -out tls.crt -keyout tls.key");
    // What pods may do there is checked by the strictest of Kubernetes' own rules.
    cluster.kubectl("create", "namespace", "strict");
    cluster.kubectl(
        "label",
        "namespace",
        "strict",
        "pod-security.kubernetes.io/enforce=restricted",
        "pod-security.kubernetes.io/warn=restricted");
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  static Stream<String> components() {
    return ComponentsTest.components();
  }

  @ParameterizedTest
  @MethodSource("components")
  void aComponentIsTaken(String component) throws Exception {
    Path whole = Files.createDirectories(project.resolve("deploy/whole"));
    Files.writeString(
        whole.resolve("kustomization.yaml"),
        "resources: [../kubernetes]\ncomponents: [../%s]\n".formatted(component));
    assertThat(succeeds("kubectl -n strict apply -k deploy/whole" + STRICT))
        .contains("deployment.apps/glimpse");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-k deploy/kubernetes",
        "-k deploy/prometheus/operator",
        "-k deploy/overlays/management-port",
        "-f deploy/knative/service.yaml",
        "-f deploy/knative/sink-binding.yaml",
        "-f deploy/kserve/inferenceservice.yaml",
        "-f deploy/kserve/serving-runtime.yaml",
        "-f deploy/kserve/model.yaml",
        "-f deploy/components/models-volume/copy-pod.yaml",
      })
  void filesAreTaken(String files) throws Exception {
    assertThat(succeeds("kubectl -n strict apply " + files + STRICT)).contains("server dry run");
  }

  @Test
  void aMisspeltKeyIsRefused() throws Exception {
    Path wrong = project.resolve("wrong.yaml");
    String text = Files.readString(Manifests.FOLDER.resolve("kserve/serving-runtime.yaml"));
    Files.writeString(wrong, text.replace("supportedModelFormats", "supportedModelFormat"));
    assertThat(run("kubectl apply -f wrong.yaml" + STRICT)).contains("supportedModelFormat");
  }

  /** In their order; a new tag is put into the overlay where the document says so. */
  @Test
  @Order(1)
  void theDocumentsCommandsBringTheServiceUpUpgradeItAndGoBack() throws Exception {
    List<String> commands =
        DocumentedCommand.of(Path.of("docs/operations.md")).stream()
            .map(DocumentedCommand::text)
            .filter(command -> command.startsWith("kubectl "))
            .filter(command -> NEED_CONTAINERS.stream().noneMatch(command::contains))
            .toList();
    int upgrade = commands.indexOf("kubectl diff -k " + OVERLAY);
    int rollback = commands.indexOf("kubectl -n glimpse rollout undo deployment/glimpse");
    assertThat(upgrade).isPositive();
    assertThat(rollback).isEqualTo(commands.size() - 1);

    for (String command : commands.subList(0, upgrade)) {
      succeeds(command);
    }
    assertThat(image()).isEqualTo("registry.example.com/glimpse:1.0.0");
    assertThat(succeeds(commands.get(upgrade))).as("without a change").isEmpty();

    Path overlay = project.resolve(OVERLAY).resolve("kustomization.yaml");
    Files.writeString(overlay, Files.readString(overlay).replace("newTag: 1.0.0", "newTag: 1.0.1"));
    assertThat(run(commands.get(upgrade)))
        .contains(
            "-        image: registry.example.com/glimpse:1.0.0",
            "+        image: registry.example.com/glimpse:1.0.1");
    for (String command : commands.subList(upgrade + 1, rollback)) {
      succeeds(command);
    }
    assertThat(image()).isEqualTo("registry.example.com/glimpse:1.0.1");

    succeeds(commands.get(rollback));
    assertThat(image()).isEqualTo("registry.example.com/glimpse:1.0.0");
    await()
        .until(() ->
            cluster
                .kubectl(
                    "-n", "glimpse", "rollout", "status", "deployment/glimpse", "--timeout=30s")
                .contains("successfully rolled out"));
  }

  /** The autoscaler, the budget and the claim find what they name. */
  @Test
  @Order(2)
  void whatBelongsTogetherFindsEachOther() throws Exception {
    await().until(() -> value("deployment/glimpse", "{.status.readyReplicas}").equals("2"));
    assertThat(value("hpa/glimpse", "{.status.conditions[?(@.type=='AbleToScale')].status}"))
        .isEqualTo("True");
    await().until(() -> value("pdb/glimpse", "{.status.disruptionsAllowed}").equals("1"));
    assertThat(value("pvc/glimpse-models", "{.status.phase}")).isEqualTo("Bound");
    await()
        .until(() ->
            value("endpointslices", "{.items[*].endpoints[*].conditions.ready}")
                .equals("true true"));
  }

  private static String image() throws Exception {
    return value("deployment/glimpse", "{.spec.template.spec.containers[0].image}");
  }

  private static String value(String what, String path) throws Exception {
    return cluster.kubectl("-n", "glimpse", "get", what, "-o", "jsonpath=" + path);
  }

  private static String succeeds(String command) throws Exception {
    String said = run(command);
    assertThat(said).as(command).doesNotContain(" ended with status ");
    return said;
  }

  private static String run(String command) throws Exception {
    return cluster.shell(project, command);
  }
}
