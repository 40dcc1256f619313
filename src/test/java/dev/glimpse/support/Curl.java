package dev.glimpse.support;

import java.io.IOException;

/** Finds curl, which the README's commands use. */
public final class Curl {

  private Curl() {}

  /** Tells whether curl is installed; tests that run commands are skipped otherwise. */
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
