package dev.glimpse.support;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;

/** Go modules, of which tests read files that are no programs. */
public final class GoModules {

  private GoModules() {}

  /**
   * Returns the folder with a module's files. The test is skipped, with the reason, where there is
   * no Go or no module proxy.
   *
   * @param module its path and version, {@code sigs.k8s.io/gateway-api@v1.4.1}
   */
  public static Path folder(String module) throws Exception {
    String said = Command.require("go", "mod", "download", "-json", module);
    return Path.of(
        new ObjectMapper().readTree(said.substring(said.indexOf('{'))).path("Dir").asText());
  }
}
