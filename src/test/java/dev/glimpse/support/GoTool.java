package dev.glimpse.support;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Third-party programs that Go compiles from their published modules. */
public enum GoTool {
  GRPCURL("github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3"),
  GHZ("github.com/bojand/ghz/cmd/ghz@v0.120.0"),
  CRANE("github.com/google/go-containerregistry/cmd/crane@v0.22.1"),
  KUBECONFORM("github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0"),
  KUSTOMIZE("sigs.k8s.io/kustomize/kustomize/v5@v5.7.1"),
  KWOK("sigs.k8s.io/kwok/cmd/kwok@v0.7.0");

  private final String module;

  GoTool(String module) {
    this.module = module;
  }

  /** Returns what {@code go install} is given. */
  public String module() {
    return module;
  }

  /**
   * Returns the path of the program, which is compiled unless an earlier run has done that. The
   * test is skipped, with the reason, where there is no Go or no module proxy.
   */
  public String program() throws Exception {
    String version = Command.require("go", "version");
    Path folder = Kept.folder("go", version + module, this::install);
    return folder.resolve("bin").resolve(name().toLowerCase(Locale.ROOT)).toString();
  }

  private void install(Path folder) throws Exception {
    String said =
        Command.run(
            List.of("go", "install", module),
            Map.of("GOBIN", folder.resolve("bin").toAbsolutePath().toString()));
    Assumptions.assumeFalse(
        said.contains(" ended with status "), () -> "not to be had here: " + said);
  }
}
