package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.docs.DocumentedCommand;
import dev.glimpse.support.Command;
import dev.glimpse.support.GoModules;
import dev.glimpse.support.GoTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kubeconform finds nothing in what kustomize makes of deploy/. The schemas are the published ones,
 * of Kubernetes' and the custom resources' Go modules.
 */
@Tag("clients")
class KubeconformTest {

  private static final Path DOCUMENT = Path.of("deploy/README.md");

  @TempDir private static Path schemas;

  @BeforeAll
  static void readSchemas() throws Exception {
    PublishedSchemas published = new PublishedSchemas(schemas);
    published.addKubernetes(
        GoModules.folder("k8s.io/kubernetes@v1.34.4").resolve("api/openapi-spec/swagger.json"));
    for (Path file : CustomResources.files()) {
      published.addCustomResource(file);
    }
  }

  @Test
  void theDocumentsCommandFindsNothing() throws Exception {
    List<String> commands =
        DocumentedCommand.of(DOCUMENT).stream().map(DocumentedCommand::text).toList();
    assertThat(commands)
        .contains(
            "go install " + GoTool.KUSTOMIZE.module(),
            "go install " + GoTool.KUBECONFORM.module(),
            "deploy/validate.sh");
    String said = validate("deploy/validate.sh");

    assertThat(said.lines().filter(line -> line.startsWith("Summary: ")))
        .hasSizeGreaterThan(15)
        .allMatch(line -> line.contains("Invalid: 0, Errors: 0, Skipped: 0"));
    assertThat(said).doesNotContain(" ended with status ");
  }

  @Test
  void misspeltKeysAndWrongTypesAreFound(@TempDir Path copy) throws Exception {
    Command.run("cp", "-R", "deploy", copy.toString());
    for (String[] slip :
        new String[][] {
          {"kubernetes/deployment.yaml", "maxSurge", "maxSurges"},
          {"kubernetes/deployment.yaml", "containerPort: 8080", "containerPort: eighty"},
          {"kserve/serving-runtime.yaml", "supportedModelFormats", "supportedModelFormat"},
          {"components/gateway/http-route.yaml", "parentRefs", "parentRef"},
          {"components/keda/scaled-object.yaml", "minReplicaCount", "minReplicas"},
          {"prometheus/operator/pod-monitor.yaml", "podMetricsEndpoints", "endpoints"},
        }) {
      Path file = copy.resolve("deploy").resolve(slip[0]);
      String text = Files.readString(file);
      assertThat(text).contains(slip[1]);
      Files.writeString(file, text.replace(slip[1], slip[2]));
      assertThat(validate(copy + "/deploy/validate.sh"))
          .as(slip[2])
          .contains(" ended with status ");
      Files.writeString(file, text);
    }
  }

  private static String validate(String command) throws Exception {
    Path kustomize = Path.of(GoTool.KUSTOMIZE.program()).getParent();
    Path kubeconform = Path.of(GoTool.KUBECONFORM.program()).getParent();
    return Command.run(
        List.of("sh", "-c", command),
        Map.of(
            "SCHEMAS", schemas + PublishedSchemas.PLACE,
            "PATH", kustomize + ":" + kubeconform + ":" + System.getenv("PATH")));
  }
}
