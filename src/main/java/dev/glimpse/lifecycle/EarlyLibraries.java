package dev.glimpse.lifecycle;

import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.InterruptedStartException;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.preprocess.PixelCodes;
import org.jboss.logging.Logger;

/** Loads the native libraries on a thread of its own while Quarkus starts. */
final class EarlyLibraries {

  private static final Logger LOG = Logger.getLogger(EarlyLibraries.class);

  private EarlyLibraries() {}

  /** Starts the thread. However the process ends, it waits for the thread first. */
  static void load() {
    Thread thread = new Thread(EarlyLibraries::loadAll, "libraries");
    thread.setDaemon(true);
    thread.start();
    ProcessEnd.waitsFor(thread);
  }

  /** Ignores failures: the code that needs a library tries again, and reports them. */
  private static void loadAll() {
    try {
      OnnxRuntimeEngine.startEarly();
      InterruptedStartException.check();
      ImageCodecs.loadLibraries();
      PixelCodes.best();
    } catch (RuntimeException | LinkageError e) {
      // For example because the process is ending, when ONNX Runtime can add no shutdown hook.
      LOG.debug("The native libraries could not be loaded early", e);
    }
  }
}
