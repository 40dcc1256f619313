package dev.glimpse.simulation;

import dev.glimpse.simulation.Order.BodyEnd;
import dev.glimpse.simulation.Order.Download;
import dev.glimpse.simulation.Order.Kind;
import dev.glimpse.simulation.Order.Parsing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Draws what happens in a run. Each fault is left out of half of the runs, so that others show.
 *
 * @param settings the number of the settings, see {@link SimulatedSettings}
 * @param fates of the images, by their number
 * @param changes of the models and their files
 * @param jumps when time jumps, in nanoseconds after the start, and by how much
 * @param stop when the service stops, in nanoseconds after the start; negative: when all has ended
 * @param workersDie whether workers die between two tasks
 * @param slowness how many times as long all work takes
 */
record Plan(
    int settings,
    List<Fate> fates,
    List<Order> orders,
    List<Change> changes,
    List<Jump> jumps,
    long stop,
    boolean allocationsFail,
    boolean workersDie,
    int slowness) {

  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  /** The longest is longer than the workers take to stop. */
  private static final int[] TIMEOUTS = {60, 60, 2000, 2000, 2000, 20_000};

  record Jump(long at, long by) {}

  /** Changes the models in service, or their files. */
  record Change(long at, Kind kind, String model, Optional<Integer> version) {

    enum Kind {
      LOAD,
      UNLOAD,
      ROUTE,
      TOUCH,
      REMOVE,
      RESTORE
    }
  }

  static Plan draw(SplittableRandom random) {
    return new Draw(random).plan();
  }

  private static final class Draw {

    private final SplittableRandom random;
    private final List<Fate> fates = new ArrayList<>();
    private final long length;
    private final boolean goneClients;
    private final boolean badImages;
    private final boolean badBodies;
    private final boolean badParsing;
    private final boolean downloads;
    private final boolean batches;
    private final boolean tensors;
    private final boolean largeBodies;
    private final int sharedImages;

    Draw(SplittableRandom random) {
      this.random = random;
      this.length = random.nextLong(1, 120) * MILLISECOND;
      this.goneClients = random.nextBoolean();
      this.badImages = random.nextBoolean();
      this.badBodies = random.nextBoolean();
      this.badParsing = random.nextBoolean();
      this.downloads = random.nextBoolean();
      this.batches = random.nextBoolean();
      this.tensors = random.nextBoolean();
      this.largeBodies = random.nextInt(4) == 0;
      this.sharedImages = random.nextBoolean() ? random.nextInt(1, 5) : 0;
    }

    Plan plan() {
      for (int i = 0; i < sharedImages; i++) {
        fates.add(fate());
      }
      List<Order> orders = new ArrayList<>();
      int count = random.nextInt(4, 28);
      for (int i = 0; i < count; i++) {
        orders.add(order(i));
      }
      return new Plan(
          random.nextInt(SimulatedSettings.COUNT),
          fates,
          orders,
          changes(),
          jumps(),
          random.nextInt(4) == 0 ? random.nextLong(length + 1) : -1,
          random.nextInt(4) == 0,
          random.nextInt(8) == 0,
          random.nextBoolean() ? 1 : 1 + random.nextInt(random.nextInt(1, 400)));
    }

    private Order order(int number) {
      Kind kind = kind();
      List<Integer> images = new ArrayList<>();
      int count = kind == Kind.IMAGE ? 1 : random.nextInt(1, 7);
      for (int i = 0; i < count; i++) {
        images.add(image());
      }
      boolean named = random.nextInt(4) > 0;
      return new Order(
          number,
          kind,
          images,
          random.nextInt(1, SimulatedLoader.LABELS.size() + 1),
          random.nextInt(20) == 0 ? "unknown" : random.nextInt(3) == 0 ? "b" : "a",
          named ? Optional.empty() : Optional.of(random.nextInt(1, 3)),
          burst(),
          millis(oneOf(TIMEOUTS)),
          random.nextInt(1, largeBodies && random.nextBoolean() ? 400_000 : 2_000),
          random.nextBoolean() ? 0 : random.nextInt(8) == 0 ? millis(400) : millis(20),
          badBodies && random.nextInt(6) == 0
              ? (random.nextBoolean() ? BodyEnd.BROKEN_OFF : BodyEnd.NEVER)
              : BodyEnd.WHOLE,
          badParsing && random.nextInt(6) == 0 ? oneOf(Parsing.values()) : Parsing.GOOD,
          goneClients && random.nextInt(3) == 0 ? millis(60) : -1,
          downloads && kind == Kind.IMAGE && random.nextInt(3) == 0 ? download() : Download.NONE);
    }

    private Kind kind() {
      if (batches && random.nextInt(4) == 0) {
        return Kind.BATCH;
      }
      return tensors && random.nextInt(4) == 0
          ? (random.nextBoolean() ? Kind.TENSOR : Kind.TENSOR_OF_IMAGES)
          : Kind.IMAGE;
    }

    private int image() {
      if (sharedImages > 0 && random.nextInt(4) > 0) {
        return random.nextInt(sharedImages);
      }
      fates.add(fate());
      return fates.size() - 1;
    }

    private Fate fate() {
      return badImages && random.nextInt(3) == 0 ? oneOf(Fate.values()) : Fate.GOOD;
    }

    private Download download() {
      return random.nextInt(3) > 0 ? Download.GOOD : oneOf(Download.values());
    }

    private List<Change> changes() {
      List<Change> changes = new ArrayList<>();
      int count = random.nextBoolean() ? 0 : random.nextInt(1, 8);
      for (int i = 0; i < count; i++) {
        boolean b = random.nextInt(4) == 0;
        changes.add(
            new Change(
                random.nextLong(length + 1),
                changeOf(b),
                b ? "b" : "a",
                random.nextInt(4) == 0
                    ? Optional.empty()
                    : Optional.of(b ? 1 : random.nextInt(1, 3))));
      }
      return changes;
    }

    /** Returns a kind of change; model b stays in service. */
    private Change.Kind changeOf(boolean b) {
      return switch (random.nextInt(10)) {
        case 0 -> b ? Change.Kind.LOAD : Change.Kind.ROUTE;
        case 1, 2 -> b ? Change.Kind.LOAD : Change.Kind.UNLOAD;
        case 3, 4 -> Change.Kind.TOUCH;
        case 5 -> Change.Kind.REMOVE;
        case 6 -> Change.Kind.RESTORE;
        default -> Change.Kind.LOAD;
      };
    }

    private List<Jump> jumps() {
      List<Jump> jumps = new ArrayList<>();
      int count = random.nextInt(4) == 0 ? random.nextInt(1, 3) : 0;
      for (int i = 0; i < count; i++) {
        jumps.add(new Jump(random.nextLong(length + 1), millis(3000)));
      }
      return jumps;
    }

    /** Returns a time of arrival; half of the clients come together with others. */
    private long burst() {
      return random.nextBoolean() ? random.nextLong(length + 1) : random.nextInt(4) * (length / 4);
    }

    /** Returns up to so many milliseconds, the short times more often. */
    private long millis(int most) {
      return (1 + random.nextInt(1 + random.nextInt(most))) * MILLISECOND;
    }

    private int oneOf(int[] values) {
      return values[random.nextInt(values.length)];
    }

    private <T> T oneOf(T[] values) {
      return values[random.nextInt(values.length)];
    }
  }
}
