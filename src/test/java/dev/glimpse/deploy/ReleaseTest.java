package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.digest.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of a release that can be taken without publishing one, on a project of a few files. */
class ReleaseTest {

  private static final String CHANGELOG =
      """
      # Changelog

      ## Unreleased

      ## 1.0.0 - 2027-01-31

      ### Added

      - Everything.

      ## 0.9.0
      """;

  private static final List<String> LIBRARIES =
      List.of(
          "libonnxruntime.so",
          "libonnxruntime4j_jni.so",
          "libjnidispatch.so",
          "libglimpse_pixels.so");

  @TempDir private Path project;

  @BeforeEach
  void create() throws Exception {
    for (String script :
        List.of(
            "base-images",
            "release-archive",
            "release-check",
            "release-notes",
            "release-version")) {
      Path copy = write(".ci/" + script, Files.readString(Path.of(".ci", script)));
      assertThat(copy.toFile().setExecutable(true)).isTrue();
    }
    write("CHANGELOG.md", CHANGELOG);
    write("pom.xml", "<project>\n  <version>1.0.0</version>\n  <version>2</version>\n</project>\n");
    for (String text : List.of("README.md", "LICENSE", "NOTICE")) {
      write(text, text);
    }
    write("models/flowers/1/model.onnx", "graph");
    write("models/training/train.py", "no part of a release");
    run("git", "init", "-q");
    run("git", "add", ".");
    run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "All");
  }

  @Test
  void notesAreTheSectionOfTheVersion() throws Exception {
    assertThat(run(".ci/release-notes", "1.0.0").strip()).isEqualTo("### Added\n\n- Everything.");
  }

  @Test
  void versionWithoutNotesIsNotReleased() throws Exception {
    for (String version : List.of("2.0.0", "0.9.0", "Unreleased")) {
      Result result = start(".ci/release-notes", version);
      assertThat(result.status).isEqualTo(1);
      assertThat(result.output).contains("CHANGELOG.md has no section \"## " + version + "\"");
    }
  }

  @Test
  void tagHasToBeTheVersion() throws Exception {
    assertThat(run(".ci/release-check", "v1.0.0")).isEqualTo("1.0.0\n");

    Result other = start(".ci/release-check", "v1.0.1");
    assertThat(other.status).isEqualTo(1);
    assertThat(other.output)
        .isEqualTo("The tag is v1.0.1, but pom.xml has version 1.0.0; its tag would be v1.0.0.\n");
  }

  @Test
  void archiveHasWhatRunsAndIsTheSameEachTime() throws Exception {
    write("built/glimpse-1.0.0-runner", "executable");
    write("built/glimpse.cdx.json", "{}");
    write("built/libj2gss.so", "not needed");
    for (String library : LIBRARIES) {
      write("built/" + library, library);
    }

    String archive = run(".ci/release-archive", "built", "1.0.0", "linux-amd64").strip();
    String first = Sha256.hex(project.resolve(archive));
    Files.setLastModifiedTime(project.resolve("built/glimpse.cdx.json"), FileTime.fromMillis(0));
    run(".ci/release-archive", "built", "1.0.0", "linux-amd64");

    assertThat(archive).isEqualTo("dist/glimpse-1.0.0-linux-amd64.tar.gz");
    assertThat(Sha256.hex(project.resolve(archive))).isEqualTo(first);
    assertThat(project.resolve("dist/glimpse-1.0.0-linux-amd64.cdx.json")).hasContent("{}");
    assertThat(run("tar", "-tzf", archive).lines().filter(name -> !name.endsWith("/")))
        .containsExactly(
            "glimpse-1.0.0-linux-amd64/CHANGELOG.md",
            "glimpse-1.0.0-linux-amd64/LICENSE",
            "glimpse-1.0.0-linux-amd64/NOTICE",
            "glimpse-1.0.0-linux-amd64/README.md",
            "glimpse-1.0.0-linux-amd64/glimpse",
            "glimpse-1.0.0-linux-amd64/glimpse.cdx.json",
            "glimpse-1.0.0-linux-amd64/libglimpse_pixels.so",
            "glimpse-1.0.0-linux-amd64/libjnidispatch.so",
            "glimpse-1.0.0-linux-amd64/libonnxruntime.so",
            "glimpse-1.0.0-linux-amd64/libonnxruntime4j_jni.so",
            "glimpse-1.0.0-linux-amd64/models/flowers/1/model.onnx");
  }

  @Test
  void versionIsWrittenIntoThePomAndTheChangelog() throws Exception {
    write("pom.xml", "<version>1.0.0-SNAPSHOT</version>\n<version>2</version>\n");
    write("CHANGELOG.md", CHANGELOG.replace("## 1.0.0 - 2027-01-31", "- More.\n\n## 0.9.1"));
    run(".ci/release-version", "1.0.0");

    assertThat(project.resolve("pom.xml"))
        .hasContent("<version>1.0.0</version>\n<version>2</version>\n");
    assertThat(project.resolve("CHANGELOG.md"))
        .content()
        .containsPattern(
            "# Changelog\n\n## 1\\.0\\.0 - 20\\d\\d-\\d\\d-\\d\\d\n\n- More\\.\n\n## 0\\.9\\.1\n");
    assertThat(run(".ci/release-check", "v1.0.0")).isEqualTo("1.0.0\n");

    run(".ci/release-version", "1.1.0-SNAPSHOT");
    assertThat(project.resolve("pom.xml"))
        .hasContent("<version>1.1.0-SNAPSHOT</version>\n<version>2</version>\n");
    assertThat(project.resolve("CHANGELOG.md"))
        .content()
        .contains("# Changelog\n\n## Unreleased\n\n## 1.0.0 - ");
  }

  @Test
  void versionThatIsNoneOrHasNoNotesIsNotWritten() throws Exception {
    for (String version : List.of("1", "v1.0.0", "1.0.0-rc1")) {
      assertThat(start(".ci/release-version", version).output).contains("1.1.0-SNAPSHOT");
    }
    write("CHANGELOG.md", CHANGELOG.replace("## Unreleased", ""));
    assertThat(start(".ci/release-version", "1.0.0").output).contains("## Unreleased");
    assertThat(project.resolve("pom.xml")).content().contains("<version>1.0.0</version>");
  }

  @Test
  void baseImagesGetTheirDigests() throws Exception {
    String digest = "sha256:" + "0123456789abcdef".repeat(4);
    String other = "sha256:" + "f".repeat(64);
    for (String file :
        List.of("docker/Dockerfile.native", "docker/Dockerfile.jvm", "lambda/Dockerfile")) {
      write(
          "deploy/" + file,
          "FROM quay.io/a/b:1 AS c\nFROM c\nFROM scratch AS d\nFROM docker.io/e:2@"
              + other
              + "\nFROM glimpse:native\n");
    }
    write("images", "quay.io/a/b:1 " + digest + "\ndocker.io/e:2 " + digest + "\n");
    run(".ci/base-images", "images");

    assertThat(project.resolve("deploy/lambda/Dockerfile"))
        .hasContent(
            "FROM quay.io/a/b:1@%1$s AS c\nFROM c\nFROM scratch AS d\nFROM docker.io/e:2@%1$s\nFROM glimpse:native\n"
                .formatted(digest));

    write("deploy/lambda/Dockerfile", "FROM quay.io/other:1 AS c\n");
    Result missing = start(".ci/base-images", "images");
    assertThat(missing.status).isEqualTo(1);
    assertThat(missing.output)
        .isEqualTo(
            "FROM quay.io/other:1 AS c\nimages has no digest for what is above, in deploy/lambda/Dockerfile.\n");
  }

  private record Result(int status, String output) {}

  private String run(String... command) throws Exception {
    Result result = start(command);
    assertThat(result.status).as(result.output).isZero();
    return result.output;
  }

  private Result start(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true).start();
    try (InputStream output = process.getInputStream()) {
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), text);
    }
  }

  private Path write(String name, String text) throws IOException {
    Path file = project.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
