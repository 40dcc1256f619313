"""Runs every server under every autoscaler with every traffic, on all cores, and collects what it took."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from simulator import cost, knative, kubernetes, simulation, traffic
from simulator.outcome import Outcome, quantile
from simulator.profiles import Profile

KNATIVE, HPA = "Knative", "HPA"
MOST = 10  # replicas of a service, as in deploy/
TRAFFICS = ("day", "trace", "bursts", "hourly")  # the longest first, so that no core waits for another in the end


@dataclass(frozen=True)
class Plan:
    """One simulation."""

    traffic: str
    autoscaler: str
    profile: Profile
    seed: int
    scale: float
    pod_start: float
    most: int = MOST


@dataclass(frozen=True)
class Row:
    """One simulation's figures; seconds and dollars. `cold_services` is the cold share of the median service."""

    traffic: str
    autoscaler: str
    server: str
    requests: int
    seconds: float
    p50: float
    p99: float
    cold_share: float
    cold_p50: float
    cold_most: float
    cold_services: float
    starts: int
    mean_replicas: float
    most_replicas: int
    cpu_seconds: float
    costs: dict[str, float]
    replicas: list[tuple[float, float]]


def settings(autoscaler: str, most: int) -> simulation.Settings:
    return knative.Settings(max_scale=most) if autoscaler == KNATIVE else kubernetes.Settings(max_scale=most)


def traffics(seed: int, scale: float) -> dict[str, traffic.Traffic]:
    return {each.name: each for each in traffic.all_of_them(seed, scale)}


def simulate(plan: Plan) -> Row:
    replayed = traffics(plan.seed, plan.scale)[plan.traffic]
    outcome = simulation.run(replayed, plan.profile, settings(plan.autoscaler, plan.most), plan.seed, plan.pod_start)
    return row(plan.traffic, plan.autoscaler, plan.profile, replayed.services[0].seconds, outcome, cost.read()[1])


def row(name: str, autoscaler: str, profile: Profile, seconds: float, outcome: Outcome, prices: list[cost.Price]) -> Row:
    return Row(
        name,
        autoscaler,
        profile.name,
        outcome.requests,
        seconds,
        outcome.percentile(0.5),
        outcome.percentile(0.99),
        len(outcome.cold) / outcome.requests if outcome.requests else 0.0,
        quantile(outcome.cold, 0.5),
        max(outcome.cold, default=float("nan")),
        quantile(outcome.cold_shares, 0.5),
        outcome.starts,
        outcome.replica_seconds() / seconds,
        outcome.most,
        outcome.cpu,
        {price.name: price.per_million(outcome, profile.rss) for price in prices},
        outcome.replicas,
    )


def plans(traffics: list[str], profiles: list[Profile], seed: int, scale: float, pod_start: float, most: int) -> list[Plan]:
    return [
        Plan(name, autoscaler, profile, seed, scale, pod_start, most)
        for name in TRAFFICS
        if name in traffics
        for autoscaler in (KNATIVE, HPA)
        for profile in profiles
    ]


def run(chosen: list[Plan]) -> list[Row]:
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        return list(pool.map(simulate, chosen))
