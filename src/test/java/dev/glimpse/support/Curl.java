package dev.glimpse.support;

import java.io.IOException;

/** The curl of the README's commands. */
public final class Curl {

  private Curl() {}

  /** Whether it is here; tests that run commands are skipped otherwise. */
  public static boolean isInstalled() throws InterruptedException {
    try {
      return new ProcessBuilder("curl", "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
