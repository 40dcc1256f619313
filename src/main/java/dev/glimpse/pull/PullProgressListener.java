package dev.glimpse.pull;

import java.util.OptionalLong;

/** Hears how far a fetch has come. */
public interface PullProgressListener {

  /**
   * A file begins, or goes on after an interruption.
   *
   * @param already bytes of it that are here
   * @param total its size, where that is known
   */
  void begins(String file, long already, OptionalLong total);

  /** So much of the file is here. */
  void at(long bytes);

  /** The file is here, and is what it should be. */
  void done();

  /** It was interrupted and is tried again. */
  void interrupted(String sentence);
}
