package dev.glimpse.simulation;

import dev.glimpse.SimulatedService;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFormats;
import dev.glimpse.registry.ModelReloader;
import dev.glimpse.registry.SimulatedRegistry;
import dev.glimpse.registry.TrafficSplit;
import dev.glimpse.simulation.Plan.Change;
import dev.glimpse.simulation.Plan.Jump;
import dev.glimpse.workers.SimulatedWorkers;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs one seed: starts a service, sends it requests, changes its models, stops it, and checks that
 * nothing was lost, doubled or mixed up.
 */
final class Simulation {

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final Scheduler scheduler;
  private final Plan plan;
  private final World world;
  private final GlimpseConfig config;
  private final CountingMetrics metrics = new CountingMetrics(new SimpleMeterRegistry());
  private final SimulatedTimers timers;
  private final SimulatedWorkers workers;
  private final WorkerPool pool;
  private final int slots;
  private final ImageDecoder decoder;
  private final SimulatedLoader loader;
  private final SimulatedRegistry registry;
  private final SimulatedService service;
  private final Judge judge;
  private final List<EventLoop> loops = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private int changesToEnd;

  private Simulation(long seed, SimulatedSettings settings) {
    SplittableRandom random = new SplittableRandom(seed);
    plan = Plan.draw(random.split());
    scheduler = new Scheduler(random.split());
    world = new World(scheduler, random.split(), new Images(plan.fates()), plan);
    config = settings.of(plan.settings());
    timers = new SimulatedTimers(scheduler);
    SimulatedWorkers.Pool made = SimulatedWorkers.pool(config, scheduler, timers);
    workers = made.workers();
    pool = made.pool();
    slots = pool.workers() + config.queue().size();
    decoder = new ImageDecoder(config, new ImageFormats(List.of(world.codec())));
    loader = new SimulatedLoader(world, pool, metrics, config);
    registry =
        SimulatedRegistry.start(
            loader, decoder, pool, metrics, config, new SimulatedExecutor(scheduler));
    ResultCache cache = new ResultCache(config, metrics, scheduler::now);
    service = SimulatedService.of(pool, registry.models(), decoder, cache, metrics);
    judge = new Judge(scheduler, world, loader, config);
    loops.add(new EventLoop(scheduler, "event-loop-1"));
    loops.add(new EventLoop(scheduler, "event-loop-2"));
  }

  /**
   * Says how a run went.
   *
   * @param violation null if all was well
   * @param trace what happened
   */
  record Result(@Nullable Violation violation, Trace trace) {}

  /** Runs a seed. */
  static Result run(long seed, SimulatedSettings settings) {
    Simulation simulation = new Simulation(seed, settings);
    Scheduler scheduler = simulation.scheduler;
    try {
      simulation.run();
    } catch (Violation e) {
      scheduler.fail(e);
    } catch (Error e) {
      if (scheduler.violation() == null) {
        throw e;
      }
    }
    Violation violation = scheduler.violation();
    scheduler.end();
    return new Result(violation, scheduler.trace());
  }

  private void run() {
    scheduler.check(this::checkStep, this::checkBeforeTimePasses);
    loader.started();
    plan.orders().forEach(this::send);
    plan.changes().forEach(change -> loop(0).after(change.at(), () -> make(change)));
    for (Jump jump : plan.jumps()) {
      loop(1).after(jump.at(), () -> scheduler.jump(jump.by()));
    }
    if (plan.stop() >= 0) {
      scheduler.sleep(plan.stop());
    } else {
      scheduler.await(this::idle);
      sendPlainRequests();
    }
    stop();
    scheduler.await(this::idle);
    checkEnd();
  }

  private EventLoop loop(int number) {
    return loops.get(number % loops.size());
  }

  private Client send(Order order) {
    EventLoop loop = loop(order.number());
    Client client =
        new Client(order, scheduler, loop, service, judge, config.queue().bodyTimeout());
    clients.add(client);
    loop.after(order.arrival(), client::arrive);
    return client;
  }

  private boolean idle() {
    return changesToEnd == 0
        && clients.stream().allMatch(Client::ended)
        && pool.taken() == 0
        && pool.running() == 0
        && pool.waiting() == 0
        && loops.stream().allMatch(loop -> loop.waiting() == 0);
  }

  /** After the storm each good image must be classified, one at a time. */
  private void sendPlainRequests() {
    scheduler.log("plain requests");
    IntStream.range(0, Math.min(world.images().count(), 4))
        .filter(image -> !plan.allocationsFail() && world.images().fate(image) == Fate.GOOD)
        .forEach(image -> {
          Client client = send(Order.plain(clients.size(), image, "b", MINUTE));
          scheduler.await(this::idle);
          judge.require(!client.refused(), () -> client + " is refused by an idle service");
        });
  }

  private void stop() {
    scheduler.log("stop");
    if (plan.stop() < 0) {
      int open = loader.loads().stream().mapToInt(load -> load.session().lent()).sum();
      judge.require(timers.pending() <= open, () -> timers.pending() + " timers are left");
    }
    judge.stopping();
    registry.stop();
    scheduler.log("stopped");
  }

  private void make(Change change) {
    scheduler.log("change: " + change);
    ModelReloader control = registry.control();
    int before = changesToEnd++;
    CompletionStage<Void> done;
    try {
      done =
          switch (change.kind()) {
            case LOAD -> control.load(change.model(), change.version(), Optional.empty());
            case UNLOAD -> {
              judge.unloading();
              yield control.unload(change.model(), change.version());
            }
            case ROUTE ->
                control.load(
                    change.model(), Optional.empty(), Optional.of(TrafficSplit.parse("1:1,2:1")));
          };
    } catch (ServingException e) {
      judge.require(
          e.failure() == Failure.NOT_READY && judge.isStopping(),
          () -> change + " is refused: " + e);
      changesToEnd = before;
      return;
    }
    var unused = done.whenComplete((nothing, failure) -> end(change, failure));
  }

  private void end(Change change, @Nullable Throwable failure) {
    changesToEnd--;
    scheduler.log("changed: " + change + (failure == null ? "" : " fails: " + failure));
    if (failure == null && change.kind() == Change.Kind.LOAD && change.version().isPresent()) {
      judge.loaded(change.model(), change.version().get());
    }
    if (failure != null) {
      Throwable cause = AsyncFailures.cause(failure);
      boolean known =
          cause instanceof ServingException e
              && switch (e.failure()) {
                case UNSERVABLE_MODEL -> loader.failures() > 0;
                case NOT_READY -> judge.isStopping();
                case UNKNOWN_MODEL, INVALID_PARAMETER -> change.kind() != Change.Kind.LOAD;
                default -> false;
              };
      judge.require(known, () -> change + " fails without a reason: " + cause);
    }
  }

  private void checkStep() {
    int taken = pool.taken();
    if (taken < 0 || taken > slots) {
      throw new Violation(taken + " of " + slots + " slots are taken");
    }
    if (workers.requestsInQueue() > slots) {
      throw new Violation("The queue holds more requests than there are slots: " + slots);
    }
    if (pool.running() > pool.workers()) {
      throw new Violation(pool.running() + " jobs run on " + pool.workers() + " workers");
    }
  }

  /** Checks what must hold when all that can be done at a time has been done. */
  private void checkBeforeTimePasses() {
    if (workers.endedInQueue() > 0) {
      throw new Violation("The queue holds requests that have ended");
    }
    for (Client client : clients) {
      if (client.leaksADownload()) {
        throw new Violation(client + " has ended, and its download goes on");
      }
      if (!client.ended() && !judge.isStopping()) {
        if (client.gone()) {
          throw new Violation(client + " is gone, and its request has not ended");
        }
        if (client.deadline() <= scheduler.now()) {
          throw new Violation(client + " is past its deadline and has not ended");
        }
        if (!client.parsed()
            && client.queued() <= scheduler.now() - config.queue().timeout().toNanos()) {
          throw new Violation(client + " has waited for longer than it may");
        }
      }
    }
  }

  private void checkEnd() {
    loader
        .loads()
        .forEach(load -> {
          SimulatedSession session = load.session();
          judge.require(session.closed(), () -> session + " was not closed");
          judge.require(session.lent() == 0, () -> session + " has runners lent");
        });
    judge.require(decoder.memoryLent() == 0, () -> decoder.memoryLent() + " bytes of images");
    judge.require(
        metrics.ended().equals(judge.outcomes()),
        () -> "Counted are " + metrics.ended() + ", and not " + judge.outcomes());
    judge.require(
        plan.stop() >= 0 // a reload that fails meanwhile forgets the version
            || metrics.sum("glimpse.requests", "model", "b") == metrics.ended("b"),
        () -> "The counter of model b is not " + metrics.ended("b"));
    judge.require(
        metrics.sum("glimpse.model.reloads", "outcome", "failed") == loader.failures(),
        () -> "Failed reloads are not " + loader.failures());
  }
}
