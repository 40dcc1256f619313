package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.InterruptedStartException;
import dev.glimpse.failure.Printable;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import java.io.IOException;

/**
 * Runs a command that loads models and reads images: reads the settings, loads the native libraries
 * early, lets signals stop the command in good order, and prints in a sentence what ends it.
 */
final class ImageCommand {

  private ImageCommand() {}

  /** Does a command's work. */
  @FunctionalInterface
  interface Work {
    /**
     * Returns the exit status.
     *
     * @throws IOException if files cannot be read or written
     */
    int run(GlimpseConfig config, StopOnSignal signal) throws IOException;
  }

  /**
   * Runs a command on the calling thread, and returns its exit status.
   *
   * @param unreadable how the sentence begins if files cannot be read or written
   */
  static int run(Output out, String unreadable, Work work) {
    GlimpseConfig config;
    try {
      config = StandaloneConfig.read();
    } catch (IllegalArgumentException e) {
      return out.fail(String.valueOf(e.getMessage())); // a line for each setting
    }
    try (StopOnSignal signal = StopOnSignal.open()) {
      Libraries libraries = Libraries.loadEarly();
      try {
        return work.run(config, signal);
      } catch (ServingException e) {
        return out.fail(Printable.of(e.detail()));
      } catch (UnservableModelException | InterruptedStartException | IllegalArgumentException e) {
        return out.fail(Printable.of(String.valueOf(e.getMessage())));
      } catch (IOException e) {
        return out.fail(Printable.of(unreadable + ": " + e.getMessage()));
      } finally {
        libraries.await();
      }
    }
  }
}
