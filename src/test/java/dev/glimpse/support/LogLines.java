package dev.glimpse.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** Records the lines of a logger, each with its level before it, until it is closed. */
public final class LogLines extends Handler implements AutoCloseable {

  private static final PatternFormatter FORM = new PatternFormatter("%p %s");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final Level level;

  private LogLines(Logger logger) {
    this.logger = logger;
    this.level = logger.getLevel();
  }

  /** Starts to record what a logger writes at any level from INFO on. */
  public static LogLines of(String name) {
    Logger logger = Logger.getLogger(name);
    LogLines lines = new LogLines(logger);
    logger.setLevel(Level.INFO);
    logger.addHandler(lines);
    return lines;
  }

  @Override
  public void publish(LogRecord line) {
    lines.add(FORM.format(line));
  }

  /** Returns the lines so far. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setLevel(level);
  }
}
