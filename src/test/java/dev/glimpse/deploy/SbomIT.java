package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

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
