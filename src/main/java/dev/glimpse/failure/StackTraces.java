package dev.glimpse.failure;

import org.jboss.logging.Logger;

/**
 * Decides whether exceptions that refuse a request record where they were created. It costs more
 * than the rest of a refusal, and under attack there are thousands each second, so they do only
 * where the log shows it: with {@code dev.glimpse} at level TRACE.
 */
public final class StackTraces {

  private static final Logger LOG = Logger.getLogger(StackTraces.class);

  private StackTraces() {}

  /** Returns whether the exceptions that are created now and refuse a request have a stack. */
  public static boolean ofRefusals() {
    return LOG.isTraceEnabled();
  }
}
