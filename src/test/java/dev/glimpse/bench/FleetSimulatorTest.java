package dev.glimpse.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Command;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Runs the tests of {@code bench/simulator}: the autoscalers' rules, queues beside the formulas of
 * queueing theory, traffic, prices. They need Python 3.10, and no packages.
 */
class FleetSimulatorTest {

  private static final String RECENT = "import sys; sys.exit(sys.version_info < (3, 10))";

  @Test
  void itsOwnTestsPass() throws Exception {
    Command.require("python3", "-c", RECENT);

    String output =
        Command.run(
            List.of(
                "python3",
                "-m",
                "unittest",
                "discover",
                "-s",
                "bench/simulator/tests",
                "-t",
                "bench"),
            Map.of("PYTHONDONTWRITEBYTECODE", "1"));

    assertThat(output)
        .doesNotContain(" ended with status ")
        .containsPattern("Ran [1-9][0-9]+ tests");
  }
}
