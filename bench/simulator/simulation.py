"""Runs one server's replicas under one autoscaler, with one traffic."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from simulator import knative, kubernetes
from simulator.fleet import Fleet, Replica
from simulator.outcome import Outcome
from simulator.profiles import Profile
from simulator.traffic import Service, Traffic

POINTS = 480  # of the curves of replicas over time
# What a pod takes from the decision until its process starts, with the image on the node: scheduling, sandbox, network. An input, not measured.
POD_START = 1.0

Settings = knative.Settings | kubernetes.Settings


def run(traffic: Traffic, profile: Profile, settings: Settings, seed: int, pod_start: float = POD_START) -> Outcome:
    """Simulates each of the services. Arrivals depend on the traffic and the seed only, so that all servers get the same."""
    total = Outcome()
    for i, service in enumerate(traffic.services):
        arrivals = service.arrivals(Random(f"{seed}/{traffic.name}/{i}"))
        random = Random(f"{seed}/{traffic.name}/{i}/{profile.name}")
        total.merge(simulate(service, arrivals, profile, settings, random, pod_start))
    return total


def simulate(
    service: Service, arrivals: Iterator[float], profile: Profile, settings: Settings, random: Random, pod_start: float
) -> Outcome:
    if isinstance(settings, knative.Settings):
        return ByConcurrency(service, arrivals, profile, settings, random, pod_start).run()
    return ByUtilization(service, arrivals, profile, settings, random, pod_start).run()


class Arrivals:
    """The arrivals before a time, again and again."""

    def __init__(self, arrivals: Iterator[float]) -> None:
        self.arrivals = arrivals
        self.next: float | None = next(arrivals, None)

    def before(self, until: float) -> list[float]:
        found = []
        at = self.next
        while at is not None and at < until:
            found.append(at)
            at = next(self.arrivals, None)
        self.next = at
        return found


class Simulation:
    """What both autoscalers need: the replicas, the clock, and the curve of replicas."""

    def __init__(self, service: Service, profile: Profile, concurrency: int | None, bucket: float, random: Random) -> None:
        self.outcome = Outcome()
        self.fleet = Fleet(profile, concurrency, bucket, random, self.outcome)
        self.profile = profile
        self.seconds = service.seconds
        self.sampled = 0

    def begin(self, replicas: int) -> None:
        """These run from the beginning on."""
        self.fleet.replicas += [Replica(0.0, 0.0, self.profile.workers) for _ in range(replicas)]
        self.outcome.most = replicas

    def sample(self, now: float) -> None:
        """Draws the curve up to now, before replicas are started or stopped."""
        size = self.fleet.size()
        while self.sampled < POINTS and self.sampled * self.seconds / POINTS <= now:
            self.outcome.replicas.append((self.sampled * self.seconds / POINTS, float(size)))
            self.sampled += 1

    def finish(self, now: float) -> Outcome:
        """Serves what still waits, and stops all replicas."""
        self.sample(max(now, self.seconds))
        while self.fleet.waiting:
            now += 60
            self.fleet.advance([], now)
        self.fleet.close(now)
        self.outcome.cpu += self.outcome.service * self.profile.cpu / self.profile.mean_service
        return self.outcome


class ByConcurrency:
    """Knative: a tick every 2 seconds, and at once when a request finds no replica."""

    def __init__(
        self,
        service: Service,
        arrivals: Iterator[float],
        profile: Profile,
        settings: knative.Settings,
        random: Random,
        pod_start: float,
    ) -> None:
        self.autoscaler = knative.Autoscaler(settings)
        self.settings = settings
        self.arrivals = Arrivals(arrivals)
        self.pod_start = pod_start
        self.simulation = Simulation(service, profile, self.autoscaler.concurrency, settings.bucket, random)

    def run(self) -> Outcome:
        simulation, fleet = self.simulation, self.simulation.fleet
        simulation.begin(self.autoscaler.initial)
        tick, recorded = 0, 0
        while tick * self.settings.tick < simulation.seconds:
            now = tick * self.settings.tick
            if fleet.size() == 0:
                woken = self.arrivals.next
                if woken is None or woken >= simulation.seconds:
                    break
                simulation.sample(woken)
                tick = max(tick, int(woken / self.settings.tick))
                now = max(woken, fleet.clock)
                fleet.clock = now
                recorded = int(now / self.settings.bucket)
                fleet.scale(now, self.autoscaler.woken(now), self.pod_start)
            tick += 1
            now = tick * self.settings.tick
            fleet.advance(self.arrivals.before(min(now, simulation.seconds)), now)
            simulation.sample(now)
            recorded = self.record(recorded, now)
            self.decide(now)
        return simulation.finish(tick * self.settings.tick)

    def record(self, recorded: int, now: float) -> int:
        bucket = self.settings.bucket
        while (recorded + 1) * bucket <= now + 1e-9:
            self.autoscaler.record((recorded + 1) * bucket, self.simulation.fleet.concurrency_of(recorded))
            recorded += 1
        return recorded

    def decide(self, now: float) -> None:
        fleet = self.simulation.fleet
        ready = len(fleet.replicas)
        if ready:
            self.autoscaler.activated(now)
        fleet.scale(now, self.autoscaler.decide(now, fleet.size(), ready), self.pod_start)


class ByUtilization:
    """The HPA: a decision every 15 seconds, by the CPU time since the last one."""

    def __init__(
        self,
        service: Service,
        arrivals: Iterator[float],
        profile: Profile,
        settings: kubernetes.Settings,
        random: Random,
        pod_start: float,
    ) -> None:
        self.autoscaler = kubernetes.Autoscaler(settings)
        self.settings = settings
        self.arrivals = Arrivals(arrivals)
        self.pod_start = pod_start
        self.share = profile.cpu / profile.mean_service / profile.workers
        self.simulation = Simulation(service, profile, None, settings.sync, random)
        self.worked: dict[Replica, float] = {}

    def run(self) -> Outcome:
        simulation, fleet = self.simulation, self.simulation.fleet
        simulation.begin(self.autoscaler.initial)
        now = 0.0
        while now < simulation.seconds:
            now += self.settings.sync
            fleet.advance(self.arrivals.before(min(now, simulation.seconds)), now)
            simulation.sample(now)
            fleet.buckets.clear()
            used, unready = self.used(now)
            fleet.scale(now, self.autoscaler.decide(now, fleet.size(), used, unready), self.pod_start)
        return simulation.finish(now)

    def used(self, now: float) -> tuple[list[float], int]:
        """The utilization of those that were ready for the whole window of the metrics, and how many are not."""
        fleet = self.simulation.fleet
        used = []
        before, self.worked = self.worked, {}
        for replica in fleet.replicas:
            worked = self.worked[replica] = replica.worked(now)
            if replica.ready <= now - self.settings.metrics_window:
                seconds = (worked - before.get(replica, 0.0)) * self.share
                used.append(min(1.0, seconds / self.settings.sync))
        return used, fleet.size() - len(used)

