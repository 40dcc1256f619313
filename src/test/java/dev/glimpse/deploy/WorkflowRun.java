package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.support.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A run of a workflow's jobs on this machine: each in a clone of its own, in the shell that GitHub
 * uses, with outputs and artifacts passed on. Actions that set up a machine are left out.
 */
final class WorkflowRun {

  /** What these do is there already, or is not needed here. */
  private static final List<String> SETUP =
      List.of(
          "actions/checkout",
          "docker/setup-buildx-action",
          "docker/login-action",
          "sigstore/cosign-installer");

  private static final String DIGEST = "sha256:[0-9a-f]{64}";

  private final Workflow workflow;
  private final Path project;
  private final Path folder;
  private final Map<String, String> environment;
  private final Map<String, String> known =
      new HashMap<>(Map.of("github.token", "t", "github.actor", "a"));

  /** The origins that were attested: a digest, or a file of checksums. */
  private final List<String> attested = new ArrayList<>();

  /**
   * Prepares a run.
   *
   * @param project a repository, which jobs clone
   * @param folder for clones and artifacts
   * @param environment what GitHub tells each step
   */
  WorkflowRun(Workflow workflow, Path project, Path folder, Map<String, String> environment) {
    this.workflow = workflow;
    this.project = project;
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * Runs a job's steps.
   *
   * @param matrix the values of its matrix
   * @return the clone that they worked in
   */
  Path job(String name, Map<String, String> matrix) throws Exception {
    JsonNode job = workflow.job(name);
    Map<String, String> values = new HashMap<>(known);
    matrix.forEach((key, value) -> values.put("matrix." + key, value));
    Path clone = folder.resolve(name + "-" + String.join("-", matrix.values()));
    run(folder, Map.of(), "git clone -q '%s' '%s'".formatted(project, clone));
    Map<String, String> variables = new HashMap<>(environment);
    variables.putAll(Workflow.resolved(job.path("env"), values));
    variables.forEach((key, value) -> values.put("env." + key, value));
    for (JsonNode step : job.path("steps")) {
      if (step.has("run")) {
        Path outputs = Files.createTempFile(folder, "outputs", "");
        Map<String, String> all = new HashMap<>(variables);
        all.putAll(Workflow.resolved(step.path("env"), values));
        all.put("GITHUB_OUTPUT", outputs.toString());
        run(clone, all, step.path("run").asText());
        for (String line : Files.readAllLines(outputs)) {
          String[] output = line.split("=", 2);
          values.put(
              "steps.%s.outputs.%s".formatted(step.path("id").asText(), output[0]), output[1]);
        }
      } else {
        use(clone, step.path("uses").asText(), Workflow.resolved(step.path("with"), values));
      }
    }
    Workflow.resolved(job.path("outputs"), values)
        .forEach((key, value) -> known.put("needs.%s.outputs.%s".formatted(name, key), value));
    return clone;
  }

  List<String> attested() {
    return attested;
  }

  private void use(Path clone, String action, Map<String, String> with) throws Exception {
    String name = action.replaceAll("@.*", "");
    switch (name) {
      case "actions/upload-artifact" ->
          run(
              clone,
              Map.of(),
              "mkdir '%1$s' && cp --parents %2$s '%1$s'"
                  .formatted(artifact(with.get("name")), with.get("path").replace('\n', ' ')));
      case "actions/download-artifact" -> download(clone, with);
      case "actions/attest-build-provenance" -> attest(clone, with);
      default -> assertThat(name).as("what is done without").isIn(SETUP);
    }
  }

  private Path artifact(String name) {
    return folder.resolve("artifact-" + name);
  }

  private void download(Path clone, Map<String, String> with) throws Exception {
    String to = with.getOrDefault("path", ".");
    String names = with.getOrDefault("name", with.get("pattern"));
    assertThat(with.containsKey("pattern")).isEqualTo("true".equals(with.get("merge-multiple")));
    run(
        clone,
        Map.of(),
        "mkdir -p %1$s && for one in %2$s; do cp -R $one/. %1$s; done"
            .formatted(to, artifact(names)));
  }

  private void attest(Path clone, Map<String, String> with) throws IOException {
    if (with.containsKey("subject-checksums")) {
      Path sums = clone.resolve(with.get("subject-checksums"));
      assertThat(Files.readAllLines(sums))
          .isNotEmpty()
          .allMatch(line -> line.matches("[0-9a-f]{64}  \\S+"));
      attested.add(with.get("subject-checksums"));
    } else {
      assertThat(with.get("subject-digest")).matches(DIGEST);
      assertThat(with.get("push-to-registry")).isEqualTo("true");
      attested.add(with.get("subject-name") + "@" + with.get("subject-digest"));
    }
  }

  /** As GitHub does it, where a workflow says {@code shell: bash}. */
  private void run(Path at, Map<String, String> variables, String text) throws Exception {
    assertThat(workflow.shell()).isEqualTo("bash");
    Path script = Files.writeString(Files.createTempFile(folder, "step", ".sh"), text);
    String said =
        Command.run(
            List.of(
                "bash",
                "-c",
                "cd \"$0\" && exec bash --noprofile --norc -eo pipefail \"$1\"",
                at.toString(),
                script.toString()),
            variables);
    assertThat(said).as(text).doesNotContain(" ended with status ");
  }

  /** Returns the names of the files in a folder, in order. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
