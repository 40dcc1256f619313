package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.digest.Sha256;
import dev.glimpse.support.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bill of materials, as <a href="https://cyclonedx.org/specification">CycloneDX</a> has it. */
class SbomIT {

  private static final Path LIBRARIES = Path.of("target/quarkus-app/lib");

  private final JsonNode bill = bill();

  @Test
  void saysWhatItIsOf() {
    assertThat(bill.at("/bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(bill.at("/metadata/component/group").asText()).isEqualTo("dev.glimpse");
    assertThat(bill.at("/metadata/component/name").asText()).isEqualTo("glimpse");
  }

  @Test
  void namesWhatRunsModelsAndWhatAnswers() {
    assertThat(components().stream().map(name -> name.replaceAll("-[0-9][^-]*$", "")))
        .contains(
            "ai.djl.onnxruntime.onnxruntime-engine",
            "com.microsoft.onnxruntime.onnxruntime",
            "io.quarkus.quarkus-rest-jackson");
  }

  @Test
  void namesNothingThatOnlyTestsNeed() {
    assertThat(components()).noneMatch(name -> name.matches(".*(junit|archunit|fabric8).*"));
  }

  @Test
  void namesEveryLibraryThatIsPackaged() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(LIBRARIES), "a native executable has no jars");
    try (Stream<Path> files = Files.walk(LIBRARIES)) {
      List<String> packaged =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".jar"))
              .map(name -> name.replaceAll("\\.jar$", ""))
              .toList();
      assertThat(packaged).hasSizeGreaterThan(50);
      assertThat(components()).containsAll(packaged);
    }
  }

  /** As deploy/docker/Dockerfile.native runs it, with this system's libraries. */
  @Test
  void imagesNameTheirNativeLibraries(@TempDir Path image) throws Exception {
    Command.require("dpkg-query", "--version");
    Path copy = Files.copy(Path.of("target/glimpse.cdx.json"), image.resolve("glimpse.cdx.json"));
    Path shipped = Files.write(image.resolve("libonnxruntime.so"), new byte[] {1});
    inJar(image, "libjnidispatch.so");
    List<String> libraries = List.of(shipped.toString(), "libjnidispatch.so", "libmissing.so");
    List<String> command = new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\""));
    command.addAll(
        List.of(image.toString(), Path.of("deploy/docker/sbom.sh").toAbsolutePath() + ""));
    command.add(copy.toString());
    command.addAll(libraries);
    command.add(libc());
    assertThat(Command.run(command, Map.of())).isEmpty();

    JsonNode filled = new ObjectMapper().readTree(copy.toFile()).get("components");
    assertThat(filled).hasSize(bill.get("components").size() + 3);
    assertThat(filled.findValuesAsText("bom-ref")).doesNotHaveDuplicates();
    JsonNode onnxRuntime = filled.get(0);
    assertThat(onnxRuntime.get("name").asText()).isEqualTo("libonnxruntime.so");
    assertThat(components())
        .contains("com.microsoft.onnxruntime.onnxruntime-" + onnxRuntime.get("version").asText());
    assertThat(onnxRuntime.at("/hashes/0/content").asText()).isEqualTo(Sha256.hex(shipped));
    assertThat(filled.get(1).get("purl").asText())
        .matches("pkg:maven/net.java.dev.jna/jna@[0-9.]+#libjnidispatch.so");
    assertThat(filled.get(2).get("purl").asText())
        .matches("pkg:deb/[a-z]+/libc6@[^?]+\\?arch=[a-z0-9]+&distro=.+");
  }

  private static String libc() throws Exception {
    return Command.run("sh", "-c", "ldd /bin/sh | grep -o '/[^ ]*/libc.so.6'");
  }

  private static void inJar(Path folder, String name) throws IOException {
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(folder.resolve("one.jar")))) {
      jar.putNextEntry(new JarEntry("linux/" + name));
    }
  }

  /** As Quarkus names the jars: group, artifact and version. */
  private Set<String> components() {
    return StreamSupport.stream(bill.get("components").spliterator(), false)
        .map(component ->
            "%s.%s-%s"
                .formatted(
                    component.get("group").asText(),
                    component.get("name").asText(),
                    component.get("version").asText()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static JsonNode bill() {
    try {
      return new ObjectMapper().readTree(Path.of("target/glimpse.cdx.json").toFile());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
