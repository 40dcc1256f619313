package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Service;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The packaged application, jar or native executable, does not start with wrong settings. */
@Timeout(60)
class SettingsCheckIT {

  @Test
  void wrongVariablesStopTheStartWithALineEach() throws Exception {
    String output =
        start(
            Map.of(
                "GLIMPSE_QUEUE_SIZ", "5",
                "GLIMPSE_IMAGE_MAX_BYTES", "10MB",
                "GLIMPSE_ADMIN_TOKEN", "secret"));
    assertThat(output)
        .contains(
            "GLIMPSE_QUEUE_SIZ is not a setting. Did you mean GLIMPSE_QUEUE_SIZE?\n",
            "GLIMPSE_IMAGE_MAX_BYTES is \"10MB\"; it must be a size in bytes",
            "GLIMPSE_ADMIN_TOKEN must be 16 to 1024 visible ASCII characters")
        .doesNotContain("\tat ", "Exception", "SRCFG", "secret");
  }

  @Test
  void wrongPortStopsTheStart() throws Exception {
    assertThat(start(Map.of("PORT", "99999")))
        .contains("PORT is \"99999\"; it must be a port from 0 to 65535.")
        .doesNotContain("\tat ", "Exception");
  }

  /**
   * The start fails while another thread loads ONNX Runtime; the process must not end in the middle
   * of that, where an executable crashes in four of six starts.
   */
  @Test
  void nothingButTheMessageIsPrinted() throws Exception {
    int times = Service.isNative() ? 10 : 2;
    for (int i = 0; i < times; i++) {
      assertThat(start(Map.of("GLIMPSE_QUEUE_SIZ", "5")))
          .isEqualTo("GLIMPSE_QUEUE_SIZ is not a setting. Did you mean GLIMPSE_QUEUE_SIZE?\n");
    }
  }

  /** Starts the service, which must end by itself, and returns what it prints. */
  private static String start(Map<String, String> variables) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(Service.command(List.of())).redirectErrorStream(true);
    builder.environment().putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(1);
    return output;
  }
}
