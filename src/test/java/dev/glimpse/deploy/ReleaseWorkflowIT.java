package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.Command;
import dev.glimpse.support.GoProgram;
import dev.glimpse.support.GoTool;
import dev.glimpse.support.RealRedis;
import dev.glimpse.support.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes every step of {@code .github/workflows/release.yml} for version 1.0.0, in clones. Docker,
 * cosign and GitHub are stand-ins, and the containers are the packaged service.
 */
@Timeout(600)
class ReleaseWorkflowIT {

  private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  /** What a release is made of, beside the sources. */
  private static final List<String> COPIED =
      List.of(
          ".ci",
          ".github",
          "deploy",
          "models/flowers",
          "models/README.md",
          "pom.xml",
          "README.md",
          "CHANGELOG.md",
          "LICENSE",
          "NOTICE",
          "src/test/resources/images/daisy.jpg");

  @TempDir private Path folder;
  private Path project;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void prepare() throws Exception {
    Command.require("jq", "--version");
    Command.require("git", "--version");
    project = Files.createDirectory(folder.resolve("project"));
    shell("cp -R --parents %s '%s'".formatted(String.join(" ", COPIED), project));
    shell("rm -f '%s'/models/flowers/*/model.prepared.*".formatted(project));
    shell(
        "cd '%s' && .ci/release-version 1.0.0 && git init -q && git add . && git -c user.name=a -c user.email=a@b commit -q -m 1.0.0"
            .formatted(project));
    environment.put("GITHUB_REF_NAME", "v1.0.0");
    environment.put("GITHUB_REPOSITORY", "Example/Glimpse");
    environment.put("GITHUB_SERVER_URL", "https://github.com");
    environment.put("GITHUB_SHA", shell("git -C '%s' rev-parse HEAD".formatted(project)));
    environment.put("CALLS", folder.resolve("calls").toString());
    environment.put("EXECUTABLE", executable().toString());
    environment.put("SERVICE", service().toString());
    environment.put("PORT", "" + RealRedis.freePort());
    Path programs = Path.of("src/test/resources/release").toAbsolutePath();
    environment.put("PATH", programs + ":" + System.getenv("PATH"));
  }

  @Test
  void everyStepIsTaken() throws Exception {
    Path released = release();

    assertThat(WorkflowRun.names(released.resolve("dist")))
        .containsExactly(
            "SHA256SUMS",
            "SHA256SUMS.sigstore.json",
            "base-images.txt",
            "glimpse-1.0.0-linux-amd64.cdx.json",
            "glimpse-1.0.0-linux-amd64.tar.gz",
            "glimpse-1.0.0-linux-arm64.cdx.json",
            "glimpse-1.0.0-linux-arm64.tar.gz");
    assertThat(
            shell("cd '%s' && sha256sum -c SHA256SUMS".formatted(released.resolve("dist"))).lines())
        .hasSize(5)
        .allMatch(line -> line.endsWith(": OK"));
    assertThat(Files.readAllLines(released.resolve("dist/base-images.txt")))
        .hasSize(4)
        .allMatch(line -> line.matches("[a-z0-9-]+\\.\\S+:\\S+ sha256:[0-9a-f]{64}"));
    assertThat(released.resolve("notes.md")).content().contains("\n### Added\n");
    assertThat(calls("gh "))
        .singleElement()
        .asString()
        .startsWith(
            "gh release create v1.0.0 --verify-tag --title Glimpse 1.0.0 --notes-file notes.md dist/")
        .contains("dist/SHA256SUMS.sigstore.json", "linux-arm64.tar.gz", "base-images.txt");
    checkArchive(released.resolve("dist/glimpse-1.0.0-linux-amd64.tar.gz"));
  }

  @Test
  @Tag("clients")
  void imagesOfARealRegistryAreResolvedAndJoined() throws Exception {
    String crane = GoTool.CRANE.program();
    environment.put("CRANE", crane);
    environment.put("BUILDX", GoProgram.compile(Path.of("src/test/clients/buildx")));
    String registry = "127.0.0.1:" + RealRedis.freePort();
    Process process =
        new ProcessBuilder(crane, "registry", "serve", "--address", registry)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("registry.log").toFile())
            .start();
    try {
      useImagesOf(registry);
      Path released = release();

      for (String line : Files.readAllLines(released.resolve("dist/base-images.txt"))) {
        String[] image = line.split(" ");
        assertThat(Command.run(crane, "digest", image[0])).isEqualTo(image[1]);
      }
      for (String tag : List.of("1.0.0", "1.0.0-jvm")) {
        JsonNode index =
            new ObjectMapper()
                .readTree(Command.run(crane, "manifest", registry + "/example/glimpse:" + tag));
        assertThat(index.path("manifests").findValuesAsText("architecture"))
            .containsExactlyInAnyOrderElementsOf(ARCHITECTURES);
      }
    } finally {
      process.destroy();
    }
  }

  /**
   * Puts small images under the names that the Dockerfiles have, and the registry's address before
   * these.
   */
  private void useImagesOf(String registry) throws Exception {
    shell(
        "cd '%s' && sed -i -E 's~^FROM [a-z0-9-]+\\.[a-z0-9.-]+/~FROM %s/~' deploy/*/Dockerfile*"
            .formatted(project, registry));
    shell(
        "cd '%s' && sed -i 's~ghcr.io/~%s/~' .github/workflows/release.yml"
            .formatted(project, registry));
    shell(
        "cd '%s' && git -c user.name=a -c user.email=a@b commit -q -a -m 'Use another registry'"
            .formatted(project));
    Path layer = Files.writeString(folder.resolve("file"), "base");
    shell("tar -C '%s' -cf '%s/layer.tar' %s".formatted(folder, folder, layer.getFileName()));
    for (String image :
        shell("grep -h ^FROM '%s'/deploy/*/Dockerfile*".formatted(project)).lines().toList()) {
      String name = image.split(" ")[1];
      if (name.startsWith(registry)) {
        String said =
            Command.run(
                environment.get("CRANE"), "append", "-f", folder + "/layer.tar", "-t", name);
        assertThat(said).doesNotContain(" ended with status ");
      }
    }
  }

  /** Returns the clone from which all was published. */
  private Path release() throws Exception {
    Workflow workflow = Workflow.read(project.resolve(Workflow.FOLDER).resolve("release.yml"));
    WorkflowRun run = new WorkflowRun(workflow, project, folder, environment);
    run.job("check", Map.of());
    for (String architecture : ARCHITECTURES) {
      run.job("images", Map.of("architecture", architecture));
    }
    Path released = run.job("publish", Map.of());

    assertThat(calls("docker run ")).hasSize(4);
    assertThat(calls("docker buildx imagetools create ")).hasSize(2);
    List<String> signed =
        calls("cosign sign ").stream().map(call -> call.replaceAll(".* ", "")).toList();
    assertThat(signed)
        .hasSize(2)
        .allMatch(image -> image.matches("\\S+/example/glimpse@sha256:[0-9a-f]{64}"));
    assertThat(run.attested()).containsExactly(signed.get(0), signed.get(1), "dist/SHA256SUMS");
    return released;
  }

  /** Where an executable was packaged, the archive's runs as it is. */
  private void checkArchive(Path archive) throws Exception {
    shell("tar -C '%s' -xzf '%s'".formatted(folder, archive));
    Path unpacked = folder.resolve("glimpse-1.0.0-linux-amd64");
    assertThat(WorkflowRun.names(unpacked))
        .contains("glimpse", "glimpse.cdx.json", "models", "README.md");
    if (Service.isNative()) {
      Path photo = project.resolve("src/test/resources/images/daisy.jpg");
      assertThat(shell("cd '%s' && ./glimpse classify '%s'".formatted(unpacked, photo)))
          .contains("daisy");
    }
  }

  private List<String> calls(String beginning) throws IOException {
    return Files.readAllLines(folder.resolve("calls")).stream()
        .filter(call -> call.startsWith(beginning))
        .toList();
  }

  /** Returns a folder with the executable and what it needs, or with files of their names. */
  private Path executable() throws Exception {
    Path built = Files.createDirectory(folder.resolve("built"));
    if (Service.isNative()) {
      shell("cp target/*-runner target/*.so target/glimpse.cdx.json '%s'".formatted(built));
      return built;
    }
    for (String name :
        Set.of(
            "glimpse-1.0.0-runner",
            "libonnxruntime.so",
            "libonnxruntime4j_jni.so",
            "libjnidispatch.so",
            "libglimpse_pixels.so")) {
      Files.writeString(built.resolve(name), name);
    }
    Files.copy(Path.of("target/glimpse.cdx.json"), built.resolve("glimpse.cdx.json"));
    return built;
  }

  /** Returns a script that becomes the packaged service. */
  private Path service() throws IOException {
    List<String> quoted =
        Service.command(List.of()).stream().map(word -> "'" + word + "'").toList();
    String script =
        "#!/bin/sh\ncd '%s'\nexec %s\n"
            .formatted(Path.of("").toAbsolutePath(), String.join(" ", quoted));
    Path file = Files.writeString(folder.resolve("service"), script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private static String shell(String command) throws Exception {
    String said = Command.run("bash", "-c", command);
    assertThat(said).as(command).doesNotContainPattern(Pattern.compile(" ended with status \\d"));
    return said;
  }
}
