package dev.glimpse.pull;

import java.util.OptionalLong;

/** Receives the progress of a download. Called on the thread that downloads. */
public interface PullProgressListener {

  /**
   * Reports that the download of a file starts, or resumes after an interruption.
   *
   * @param already how many of its bytes are on disk
   * @param total its size in bytes, if it is known
   */
  void started(String file, long already, OptionalLong total);

  /** Reports how many bytes of the file are on disk. */
  void received(long bytes);

  /** Reports that the file is complete and has passed its checks. */
  void done();

  /** Reports that an attempt has failed and another follows. */
  void interrupted(String sentence);
}
