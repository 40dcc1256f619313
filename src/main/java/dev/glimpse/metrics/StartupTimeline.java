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
 * Where the time between the process's start and its open port goes. Static, as it begins before
 * anything else is there. Steps may run at the same time, so together they may take longer than the
 * start does.
 */
public final class StartupTimeline {

  /** A part of the start, in the order in which they begin. */
  public enum Step {
    /** From the process's start to our first line: the kernel, the linker, the JVM or its like. */
    PROCESS,
    /** From our first line until Quarkus calls us: settings, beans, Vert.x. */
    FRAMEWORK,
    /** ONNX Runtime's shared libraries. */
    LIBRARIES,
    /** ONNX Runtime's environment, and DJL. */
    ENVIRONMENT,
    /** The models' graphs. */
    SESSION,
    /** The first runs of every model, and of all that is around them. */
    WARM_UP,
    /** From the models being warm to the port being open. */
    LISTENING,
    /** From the port being open to the first answer, the wait for its question included. */
    FIRST_ANSWER;

    /** As it stands in the metrics: {@code warm-up}. */
    public String tag() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final Map<Step, Long> TOOK = new EnumMap<>(Step.class);
  private static final int MILLIS_OF_A_TICK = 10;
  private static @Nullable Long ourFirstLine;

  /** When the port was open; 0 before, and again after the first answer. */
  private static final AtomicLong OPEN = new AtomicLong();

  private StartupTimeline() {}

  /** To be called by our first line. */
  public static synchronized void begin() {
    ourFirstLine = System.nanoTime();
    processAge().ifPresent(millis -> TOOK.put(Step.PROCESS, millis * 1_000_000));
  }

  /** Says that a step took some time, once more if it did before. */
  public static synchronized void took(Step step, long nanos) {
    TOOK.merge(step, nanos, Long::sum);
  }

  /** Says that a step lasted from our first line until now; nothing where we had none. */
  public static synchronized void reached(Step step) {
    if (ourFirstLine != null) {
      TOOK.putIfAbsent(step, System.nanoTime() - ourFirstLine);
    }
  }

  /** What is known so far, in nanoseconds. */
  public static synchronized Map<Step, Long> steps() {
    return new EnumMap<>(TOOK);
  }

  /** Milliseconds from the process's start until now; empty where there is no telling. */
  public static synchronized OptionalLong total() {
    return ourFirstLine == null || !TOOK.containsKey(Step.PROCESS)
        ? OptionalLong.empty()
        : OptionalLong.of((TOOK.get(Step.PROCESS) + System.nanoTime() - ourFirstLine) / 1_000_000);
  }

  /** Says that the port is open, and the start over. */
  public static void open() {
    OPEN.set(System.nanoTime());
  }

  /**
   * Says that a question was answered.
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

  /** For people: {@code process 10 ms, framework 21 ms}. */
  public static String words() {
    return steps().entrySet().stream()
        .map(step -> "%s %d ms".formatted(step.getKey().tag(), step.getValue() / 1_000_000))
        .collect(Collectors.joining(", "));
  }

  /**
   * How old this process is, in milliseconds, to within 10: Linux tells both the start and the time
   * since boot in hundredths of a second. See {@code proc_pid_stat(5)}; the name of the program,
   * which may hold anything, ends with the last bracket, and the start is the 20th word after it.
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
