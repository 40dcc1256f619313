package dev.glimpse.api.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Command;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Python;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Another project's client. */
@Tag("clients")
@QuarkusTest
@TestProfile(ColorModels.class)
class LivePythonTest {

  private static final Path SCRIPTS = Path.of("src/test/clients");
  private static final int FRAMES = 20;

  @Test
  void websocketsOfPythonGetTheirAnswers() throws Exception {
    Python python = Python.with(SCRIPTS.resolve("live.txt"));
    Path images = Fixtures.RESOURCES.resolve("images");

    String said =
        Command.run(
            python.program("python"),
            SCRIPTS.resolve("live.py").toString(),
            "ws://localhost:%d/predict/live?top_k=1".formatted(RestAssured.port),
            images.resolve("red.jpg").toString(),
            Integer.toString(FRAMES),
            images.resolve("truncated.jpg").toString());

    String answers =
        IntStream.range(0, FRAMES)
            .mapToObj(frame -> "answer %d 0 red\n".formatted(frame))
            .collect(Collectors.joining());
    assertThat(said)
        .isEqualTo(
            "protocol glimpse.live\n%sproblem %d 422\nnewest %d"
                .formatted(answers, FRAMES, 2 * FRAMES));
  }
}
