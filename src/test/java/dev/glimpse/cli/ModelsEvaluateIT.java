package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.docs.DocumentedCommand;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Service;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Evaluates a model with the packaged application, jar or native executable. */
@Timeout(60)
class ModelsEvaluateIT {

  @Test
  void twoVersionsAreCompared(@TempDir Path folder) throws Exception {
    Path csv = folder.resolve("images.csv");
    StringBuilder rows = new StringBuilder("file,label\n");
    for (String name : List.of("red.jpg", "green.jpg", "blue.jpg", "yellow.png")) {
      rows.append(Fixtures.RESOURCES.resolve("images").resolve(name).toAbsolutePath())
          .append(",")
          .append(name.substring(0, name.indexOf('.')))
          .append("\n");
    }
    Files.writeString(csv, rows);
    Path page = folder.resolve("report.html");
    List<String> command = new ArrayList<>(Service.command(List.of()));
    command.addAll(
        List.of(
            "models",
            "evaluate",
            "colors:2",
            csv.toString(),
            "--models",
            "src/test/resources/models",
            "--against",
            "colors:1",
            "--format",
            "json",
            "--html",
            page.toString()));

    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    JsonNode report = new ObjectMapper().readTree(process.getInputStream().readAllBytes());

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(report.at("/evaluation/images").intValue()).isEqualTo(4);
    assertThat(report.at("/evaluation/top_1").doubleValue()).isEqualTo(1);
    assertThat(report.at("/comparison/images").intValue()).isEqualTo(4);
    assertThat(report.at("/verdict").textValue()).contains("colors/2", "colors/1");
    assertThat(Files.readString(page)).contains("</html>", "Is colors/2 better than colors/1?");
  }

  @Test
  void theDocumentedCommandRuns() throws Exception {
    String documented =
        DocumentedCommand.of(Path.of("docs/command-line.md")).stream()
            .map(DocumentedCommand::text)
            .filter(text -> text.contains("models evaluate"))
            .findFirst()
            .orElseThrow();
    String arguments =
        documented.substring(documented.indexOf("models evaluate")).replace("\\\n", " ");
    List<String> command = new ArrayList<>(Service.command(List.of()));
    command.addAll(List.of(arguments.split(" +")));

    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(report).contains("colors/2 on 6 images of src/test/resources/evaluation/colors.csv");
  }
}
