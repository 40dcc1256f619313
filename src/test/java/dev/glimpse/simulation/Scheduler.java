package dev.glimpse.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs threads one at a time, and passes virtual time when none of them can go on. A thread goes on
 * until it pauses: when it sleeps, waits for a condition, or, now and then, when it reads the
 * clock. Which one is next is chosen by the seed, so that one seed gives one order of events.
 */
public final class Scheduler implements LongSupplier {

  private static final long NEVER = Long.MAX_VALUE;
  private static final int REAL_SECONDS = 120;

  /** The latest virtual time: polls would go on for ever. */
  private static final long LONGEST = TimeUnit.MINUTES.toNanos(20);

  /** A thread that reads the clock lets others go first once in so many times. */
  private static final int CLOCK_READS_PER_PAUSE = 6;

  /** Hold a lock while they call what may pause; another thread would then wait for real. */
  private static final Set<String> LOCKING =
      Set.of(
          "dev.glimpse.batching.DynamicBatcher",
          "dev.glimpse.registry.ServingState",
          "dev.glimpse.workers.SlowReaders");

  /** Code that holds a lock calls what may pause, or is called by it, within so many frames. */
  private static final int FRAMES = 12;

  private static final StackWalker STACK = StackWalker.getInstance();

  /** Ends a thread when the run is over, whatever production code it is in. */
  private static final class Abandoned extends Error {

    private static final long serialVersionUID = 1L;

    Abandoned() {
      super("The simulation is over.", null, false, false);
    }
  }

  private static final class Strand {

    private final String name;
    private final Semaphore turn = new Semaphore(0);
    private BooleanSupplier ready = () -> true;
    private LongSupplier wake = () -> NEVER;

    Strand(String name) {
      this.name = name;
    }
  }

  private final SplittableRandom random;
  private final boolean traced;
  private final Trace trace = new Trace();
  private final Thread mainThread = Thread.currentThread();
  private final Strand main = new Strand("main");
  private final List<Strand> strands = new ArrayList<>(List.of(main));
  private final List<Strand> ready = new ArrayList<>();
  private Strand current = main;
  private long now = TimeUnit.SECONDS.toNanos(1);
  private Runnable everyStep = () -> {};
  private Runnable beforeTimePasses = () -> {};
  private volatile @Nullable Violation violation;
  private volatile boolean over;

  /**
   * Makes a scheduler whose main thread is the calling one.
   *
   * @param traced whether lines of the trace are kept
   */
  Scheduler(SplittableRandom random, boolean traced) {
    this.random = random;
    this.traced = traced;
  }

  /** Sets what is checked after each step, and when nothing is left to do at the present time. */
  void check(Runnable afterEachStep, Runnable whenNothingIsLeftToDo) {
    everyStep = afterEachStep;
    beforeTimePasses = whenNothingIsLeftToDo;
  }

  /** Makes a thread that takes its turn once it has been started. */
  public @Nullable Thread thread(String name, Runnable work) {
    if (over) {
      return null;
    }
    Strand strand = new Strand(name);
    strands.add(strand);
    return SimulatedThreads.make(
        name,
        () -> {
          strand.turn.acquireUninterruptibly();
          runToItsEnd(strand, work);
        });
  }

  private void runToItsEnd(Strand strand, Runnable work) {
    try {
      if (!over) {
        work.run();
      }
      if (!over) {
        strands.remove(strand);
        current = next();
        current.turn.release();
      }
    } catch (Abandoned e) {
      // as intended
    } catch (Violation e) {
      fail(e);
    } catch (Throwable e) {
      fail(new Violation("The thread " + strand.name + " died", e));
    }
  }

  /** Returns the time, and now and then lets other threads go first. */
  @Override
  public long getAsLong() {
    interleave();
    return now;
  }

  /** Returns the time in nanoseconds. */
  long now() {
    return now;
  }

  /** Makes time jump, as for a machine that was suspended. */
  void jump(long nanos) {
    now += nanos;
  }

  /** Lets other threads go first, now and then. */
  public void interleave() {
    if (over) {
      if (Thread.currentThread() == mainThread) {
        return;
      }
      throw new Abandoned();
    }
    if (random.nextInt(CLOCK_READS_PER_PAUSE) == 0 && !mayHoldALock()) {
      pause(() -> true, () -> NEVER);
    }
  }

  private static boolean mayHoldALock() {
    return STACK.walk(
        frames -> frames.limit(FRAMES).anyMatch(frame -> LOCKING.contains(frame.getClassName())));
  }

  /** Lets virtual time pass for the calling thread. */
  public void sleep(long nanos) {
    long until = now + nanos;
    pause(() -> now >= until, () -> until);
  }

  /** Waits until a condition holds. */
  public void await(BooleanSupplier condition) {
    pause(condition, () -> NEVER);
  }

  /** Waits until a condition holds, which time alone may bring about. */
  public void await(BooleanSupplier condition, LongSupplier nextTime) {
    pause(condition, nextTime);
  }

  /** Waits until a condition holds, or for so long. */
  public void awaitFor(BooleanSupplier condition, long nanos) {
    long until = now + nanos;
    pause(() -> now >= until || condition.getAsBoolean(), () -> until);
  }

  private void pause(BooleanSupplier goesOn, LongSupplier wake) {
    if (over) {
      throw new Abandoned();
    }
    Strand self = current;
    self.ready = goesOn;
    self.wake = wake;
    Strand next;
    try {
      next = next();
    } catch (Violation e) {
      throw fail(e);
    }
    if (next != self) {
      current = next;
      next.turn.release();
      awaitTurn(self);
    }
    if (over) {
      throw new Abandoned();
    }
  }

  private void awaitTurn(Strand self) {
    if (self != main) {
      self.turn.acquireUninterruptibly();
      return;
    }
    try {
      if (!self.turn.tryAcquire(REAL_SECONDS, TimeUnit.SECONDS)) {
        throw fail(new Violation(current.name + " went on for " + REAL_SECONDS + " real seconds."));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw fail(new Violation("Interrupted", e));
    }
  }

  private Strand next() {
    while (true) {
      everyStep.run();
      ready.clear();
      for (Strand strand : strands) {
        if (strand.ready.getAsBoolean()) {
          ready.add(strand);
        }
      }
      if (!ready.isEmpty()) {
        int chosen = ready.size() == 1 ? 0 : random.nextInt(ready.size());
        trace.mix(chosen);
        return ready.get(chosen);
      }
      beforeTimePasses.run();
      long wake = NEVER;
      for (Strand strand : strands) {
        wake = Math.min(wake, strand.wake.getAsLong());
      }
      if (wake == NEVER) {
        throw new Violation("Nothing more can happen, and not everything has ended.");
      }
      if (wake > LONGEST) {
        throw new Violation("Not everything has ended after " + LONGEST + " ns.");
      }
      now = Math.max(now, wake);
    }
  }

  /** Returns whether the running thread is the one of this name. */
  boolean runs(String name) {
    return current.name.equals(name);
  }

  /** Records a line of the trace, if one is kept. */
  void log(Supplier<String> what) {
    if (!over && traced) {
      trace.add(now, current.name, what.get());
    }
  }

  Trace trace() {
    return trace;
  }

  /** Ends the run because of a violation. */
  Error fail(Violation why) {
    if (violation == null) {
      violation = why;
    }
    end();
    return new Abandoned();
  }

  /** Ends all threads. */
  void end() {
    over = true;
    List.copyOf(strands).forEach(strand -> strand.turn.release());
  }

  /** Returns the violation that ended the run. */
  @Nullable Violation violation() {
    return violation;
  }
}
