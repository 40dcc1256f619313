package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Actionlint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkflowsTest {

  private static final Pattern USES = Pattern.compile("(?m)^ *(?:- )?uses: (.*)$");

  /** A tag may be moved to other code; a commit is what it is. Dependabot reads the comment. */
  private static final Pattern PINNED =
      Pattern.compile("[\\w-]+/[\\w-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+");

  private static final Pattern FROM = Pattern.compile("(?m)^FROM (\\S+)( AS (\\S+))?$");

  /** Those that other registries have: the name of a registry has a dot. */
  private static final Pattern PUBLISHED =
      Pattern.compile("[a-z0-9-]+\\.[a-z0-9.-]+/[a-z0-9/-]+:[\\w.-]+(@sha256:[0-9a-f]{64})?");

  static Stream<Path> workflows() throws IOException {
    return Files.list(Workflow.FOLDER).sorted();
  }

  static List<Path> dockerfiles() {
    return List.of(
        Path.of("deploy/docker/Dockerfile.native"),
        Path.of("deploy/docker/Dockerfile.jvm"),
        Path.of("deploy/lambda/Dockerfile"));
  }

  @Test
  void actionlintFindsNothing() throws Exception {
    assertThat(Actionlint.run()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void everyActionIsNamedByItsCommit(Path workflow) throws IOException {
    assertThat(USES.matcher(Files.readString(workflow)).results().map(use -> use.group(1)))
        .isNotEmpty()
        .filteredOn(use -> !use.startsWith("./"))
        .allSatisfy(use -> assertThat(use).matches(PINNED));
  }

  /** Dependabot and .ci/base-images read names in these lines, and no arguments. */
  @ParameterizedTest
  @MethodSource("dockerfiles")
  void everyBaseImageIsNamedWhereItIsUsed(Path dockerfile) throws IOException {
    String text = Files.readString(dockerfile);
    assertThat(text.lines().filter(line -> line.startsWith("FROM")))
        .allMatch(line -> FROM.matcher(line).matches());
    List<String> stages = FROM.matcher(text).results().map(from -> "" + from.group(3)).toList();
    assertThat(FROM.matcher(text).results().map(from -> from.group(1)))
        .filteredOn(image ->
            !stages.contains(image) && !image.equals("scratch") && !image.equals("glimpse:native"))
        .isNotEmpty()
        .allSatisfy(image -> assertThat(image).matches(PUBLISHED));
    assertThat(Files.readString(Path.of(".ci/base-images"))).contains(dockerfile.toString());
    assertThat(Files.readString(Path.of(".github/dependabot.yml")))
        .contains("/" + dockerfile.getParent());
  }
}
