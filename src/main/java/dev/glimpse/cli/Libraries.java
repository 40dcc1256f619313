package dev.glimpse.cli;

import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.preprocess.PixelCodes;
import dev.glimpse.threads.DaemonThreads;
import org.slf4j.LoggerFactory;

/**
 * Loads the native libraries on a thread of its own while the command line and the settings are
 * read. A process must not end while a library is being loaded.
 */
final class Libraries {

  private final Thread thread = DaemonThreads.create("libraries", Libraries::load);

  private Libraries() {}

  static Libraries loadEarly() {
    LoggerFactory.getILoggerFactory(); // SLF4J warns if two threads begin to use it
    Libraries libraries = new Libraries();
    libraries.thread.start();
    return libraries;
  }

  private static void load() {
    try {
      OnnxRuntimeEngine.startEarly();
      ImageCodecs.loadLibraries();
      PixelCodes.best();
    } catch (RuntimeException | LinkageError e) {
      // What needs a library tries again, and reports it.
    }
  }

  /** Waits until they are loaded. */
  void await() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
