package dev.glimpse.simulation;

import dev.glimpse.SimulatedService;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFormats;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.SimulatedMemory;
import dev.glimpse.pipeline.PredictionListeners;
import dev.glimpse.registry.SimulatedRegistry;
import dev.glimpse.simulation.Plan.Jump;
import dev.glimpse.workers.SimulatedWorkers;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs one seed: starts a service, sends it requests, changes its models, stops it, and checks that
 * nothing was lost, doubled or mixed up.
 */
final class Simulation {

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** How long the repository may take to be in service as it is, once nothing changes it. */
  private static final int SECONDS_TO_SETTLE = 120;

  private final Scheduler scheduler;
  private final Plan plan;
  private final World world;
  private final GlimpseConfig config;
  private final SimulatedRepository repository;
  private final SimulatedTimers timers;
  private final WorkerPool pool;
  private final SimulatedLoader loader;
  private final SimulatedRegistry registry;
  private final SimulatedService service;
  private final Judge judge;
  private final Invariants invariants;
  private final Changes changes;
  private final List<EventLoop> loops = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();

  private Simulation(long seed, SimulatedSettings settings, boolean traced) {
    SplittableRandom random = new SplittableRandom(seed);
    plan = Plan.draw(random.split());
    scheduler = new Scheduler(random.split(), traced);
    world = new World(scheduler, random.split(), new Images(plan.fates()), plan);
    config = settings.of(plan.settings());
    repository = settings.repository();
    repository.reset();
    CountingMetrics metrics = new CountingMetrics(new SimpleMeterRegistry(), scheduler::interleave);
    timers = new SimulatedTimers(scheduler, world);
    SimulatedWorkers.Pool made = SimulatedWorkers.pool(config, scheduler, timers, world);
    pool = made.pool();
    RequestMemory memory = SimulatedMemory.of(config, scheduler);
    ImageDecoder decoder =
        new ImageDecoder(config, new ImageFormats(List.of(world.codec())), memory);
    loader = new SimulatedLoader(world, pool, metrics, config, repository);
    registry =
        SimulatedRegistry.start(
            loader, decoder, pool, metrics, config, new SimulatedExecutor(scheduler));
    ResultCache cache = new ResultCache(config, metrics.cache(), scheduler::now);
    service =
        SimulatedService.of(
            pool,
            registry.models(),
            decoder,
            cache,
            metrics,
            config,
            memory,
            new PredictionListeners(List.of()));
    judge = new Judge(scheduler, world, loader, config);
    invariants =
        new Invariants(
            scheduler, made, decoder, memory, loader, metrics, judge, clients, config.queue());
    changes = new Changes(scheduler, registry.control(), repository, loader, judge);
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

  /** Runs a seed, and once more with a trace if it fails. */
  static Result run(long seed, SimulatedSettings settings) {
    Result result = run(seed, settings, false);
    return result.violation() == null ? result : run(seed, settings, true);
  }

  /**
   * Runs a seed.
   *
   * @param traced whether the trace has lines
   */
  static Result run(long seed, SimulatedSettings settings, boolean traced) {
    Simulation simulation = new Simulation(seed, settings, traced);
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
    scheduler.check(invariants::checkStep, invariants::checkBeforeTimePasses);
    loader.started();
    plan.orders().forEach(this::send);
    plan.changes().forEach(change -> loop(0).after(change.at(), () -> changes.make(change)));
    for (Jump jump : plan.jumps()) {
      loop(1).after(jump.at(), () -> scheduler.jump(jump.by()));
    }
    if (plan.workersDie()) {
      probe(new EventLoop(scheduler, "probes"));
    }
    if (plan.stop() >= 0) {
      scheduler.sleep(plan.stop());
    } else {
      scheduler.await(this::idle);
      sendPlainRequests();
      settle();
    }
    stop();
    scheduler.await(this::idle);
    invariants.checkIdle();
    invariants.checkEnd(changes.filesChanged());
  }

  /** Asks again and again whether the workers live, as liveness probes do. */
  private void probe(EventLoop probes) {
    pool.alive();
    if (!judge.isStopping()) {
      probes.after(SECOND, () -> probe(probes));
    }
  }

  private EventLoop loop(int number) {
    return loops.get(number % loops.size());
  }

  private Client send(Order order) {
    EventLoop loop = loop(order.number());
    Client client = new Client(order, scheduler, loop, service, judge, config.queue());
    clients.add(client);
    loop.after(order.arrival(), client::arrive);
    return client;
  }

  private boolean idle() {
    return changes.allEnded()
        && clients.stream().allMatch(Client::ended)
        && pool.taken() == 0
        && pool.running() == 0
        && pool.waiting() == 0
        && loops.stream().allMatch(EventLoop::idle);
  }

  /** After the storm each good image must be classified, one at a time. */
  private void sendPlainRequests() {
    scheduler.log(() -> "plain requests");
    IntStream.range(0, Math.min(world.images().count(), 4))
        .filter(image -> !plan.allocationsFail() && world.images().fate(image) == Fate.GOOD)
        .forEach(image -> {
          Client client = send(Order.plain(clients.size(), image, "b", MINUTE));
          scheduler.await(this::idle);
          judge.require(!client.refused(), () -> client + " is refused by an idle service");
        });
    invariants.checkIdle();
  }

  /** Waits until the repository has been polled and is in service as it is. */
  private void settle() {
    if (config.repository().poll().isEmpty()) {
      return;
    }
    loader.calm();
    for (int i = 0;
        i < SECONDS_TO_SETTLE && !registry.unsettled(repository.folder()).isEmpty();
        i++) {
      scheduler.sleep(SECOND);
    }
    judge.require(
        registry.unsettled(repository.folder()).isEmpty(),
        () -> registry.unsettled(repository.folder()) + " are not served as they are");
    scheduler.sleep(SECOND); // for what was loaded twice
  }

  private void stop() {
    scheduler.log(() -> "stop");
    if (plan.stop() < 0) {
      int open = loader.loads().stream().mapToInt(load -> load.session().lent()).sum();
      judge.require(timers.pending() <= open, () -> timers.pending() + " timers are left");
      invariants.checkMeters(registry.served());
    }
    judge.stopping();
    registry.stop();
    scheduler.log(() -> "stopped");
  }
}
