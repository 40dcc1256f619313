package dev.glimpse.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records how long each step between the process's start and its first response takes. Static, as
 * it begins before any object exists. Steps may run at the same time, so their sum may exceed the
 * time of the start.
 */
public final class StartupTimeline {

  /** A part of the start, in the order in which they begin. */
  public enum Step {
    /** From the process's start to the first line of main: the kernel, the linker, the JVM. */
    PROCESS,
    /** From the first line of main until Quarkus calls the service: settings, beans, Vert.x. */
    FRAMEWORK,
    /** Loading ONNX Runtime's shared libraries. */
    LIBRARIES,
    /** Starting ONNX Runtime's environment and DJL. */
    ENVIRONMENT,
    /** Loading the models' graphs. */
    SESSION,
    /** The first runs of every model and of the code around them. */
    WARM_UP,
    /** From the models being warm to the port being open. */
    LISTENING,
    /** From the port being open to the first response, including the wait for the first request. */
    FIRST_ANSWER;

    /** Returns the name in the metrics: {@code warm-up}. */
    public String tag() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final Map<Step, Long> TOOK = new EnumMap<>(Step.class);
  private static final int MILLIS_OF_A_TICK = 10;
  private static @Nullable Long ourFirstLine;

  /** When the port was open; 0 before, and again after the first response. */
  private static final AtomicLong OPEN = new AtomicLong();

  private static volatile boolean over;

  private StartupTimeline() {}

  /** Starts the clock; called by the first line of main. */
  public static synchronized void begin() {
    ourFirstLine = System.nanoTime();
    processAge().ifPresent(millis -> TOOK.put(Step.PROCESS, millis * 1_000_000));
  }

  /** Adds the time that a step took to what it took before. */
  public static synchronized void took(Step step, long nanos) {
    TOOK.merge(step, nanos, Long::sum);
  }

  /**
   * Records that a step lasted from the first line of main until now; does nothing if main did not
   * run.
   */
  public static synchronized void reached(Step step) {
    if (ourFirstLine != null) {
      TOOK.putIfAbsent(step, System.nanoTime() - ourFirstLine);
    }
  }

  /** Returns the steps recorded so far, in nanoseconds. */
  public static synchronized Map<Step, Long> steps() {
    return new EnumMap<>(TOOK);
  }

  /** Returns the milliseconds from the process's start until now; empty if unknown. */
  public static synchronized OptionalLong total() {
    return ourFirstLine == null || !TOOK.containsKey(Step.PROCESS)
        ? OptionalLong.empty()
        : OptionalLong.of((TOOK.get(Step.PROCESS) + System.nanoTime() - ourFirstLine) / 1_000_000);
  }

  /** Records that the port is open and the start is over. */
  public static void open() {
    over = true;
    OPEN.set(System.nanoTime());
  }

  /** Returns whether the port has been opened. */
  public static boolean isOver() {
    return over;
  }

  /**
   * Records that a request was answered.
   *
   * @return how long after the port was open, in nanoseconds, if it was the first
   */
  public static OptionalLong answered() {
    if (OPEN.get() == 0) { // the usual case, without a write
      return OptionalLong.empty();
    }
    long open = OPEN.getAndSet(0);
    if (open == 0) {
      return OptionalLong.empty();
    }
    long waited = System.nanoTime() - open;
    took(Step.FIRST_ANSWER, waited);
    return OptionalLong.of(waited);
  }

  /** Returns the text for the log: {@code process 10 ms, framework 21 ms}. */
  public static String words() {
    return steps().entrySet().stream()
        .map(step -> step.getKey().tag() + " " + step.getValue() / 1_000_000 + " ms")
        .collect(Collectors.joining(", "));
  }

  /**
   * Returns the age of this process in milliseconds, to within 10: Linux gives both the start and
   * the time since boot in hundredths of a second. See {@code proc_pid_stat(5)}; the name of the
   * program, which may hold any character, ends with the last parenthesis, and the start is the
   * 20th field after it.
   */
  private static OptionalLong processAge() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      String uptime = Files.readString(Path.of("/proc/uptime"));
      long started =
          Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19])
              * MILLIS_OF_A_TICK;
      long now = Math.round(Double.parseDouble(uptime.split(" ", -1)[0]) * 1000);
      return OptionalLong.of(Math.max(0, now - started));
    } catch (IOException | RuntimeException e) {
      return OptionalLong.empty();
    }
  }
}
