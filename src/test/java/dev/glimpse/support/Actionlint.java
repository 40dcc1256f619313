package dev.glimpse.support;

import java.util.List;
import java.util.Map;

/** Runs actionlint, which checks GitHub workflows; Go compiles it from its sources. */
public final class Actionlint {

  private static final String MODULE = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.9";

  private Actionlint() {}

  /**
   * Returns what it says of all workflows, which is nothing if they are right. The test is skipped,
   * with the reason, where there is no Go or no module proxy.
   */
  public static String run() throws Exception {
    Command.require("go", "run", MODULE, "-version");
    return Command.run(List.of("go", "run", MODULE), Map.of());
  }
}
