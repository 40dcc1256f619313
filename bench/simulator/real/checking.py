"""Checks the simulation: replays two minutes against real processes behind the activator, and simulates the same."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from dataclasses import replace
from random import Random

from client import ImageFile

from simulator import knative, profiles, simulation, traffic
from simulator.outcome import Outcome, quantile
from simulator.real import measuring
from simulator.real.activator import Activator
from simulator.real.launch import Launcher, launchers
from simulator.real.pool import Pool

FASTER = 5.0  # than Knative's clock, so that two minutes hold ten
# Until which second there is how much traffic, of what one replica can bear.
PHASES = ((2, 0.0), (30, 0.3), (50, 1.2), (70, 0.5), (95, 0.0), (105, 0.9), (120, 0.2))


def arrivals(capacity: float, seed: int) -> list[float]:
    def load(at: float) -> float:
        return next((share for until, share in PHASES if at < until), 0.0)

    service = traffic.varying(PHASES[-1][0], lambda at: load(at) * capacity, step=1.0)
    return list(service.arrivals(Random(f"{seed}/check")))


async def replay(launcher: Launcher, settings: knative.Settings, image: ImageFile, times: list[float]) -> tuple[Outcome, int]:
    """Sends requests to the activator when they are due; returns what happened, and how many failed."""
    cpus = [{cpu} for cpu in sorted(os.sched_getaffinity(0))]
    activator = Activator(launcher, settings, cpus, image)
    server = await asyncio.start_server(activator.serve, "127.0.0.1", 0)
    pool = Pool(server.sockets[0].getsockname()[1])
    outcome = activator.outcome
    activator.began = time.perf_counter()
    ticking = asyncio.create_task(activator.run())

    async def send(due: float) -> None:
        await pool.post(image)
        outcome.answered(due, activator.now(), 0.0, False, due)

    sent = set()
    try:
        for due in times:
            await asyncio.sleep(max(0.0, due - activator.now()))
            sent.add(asyncio.create_task(send(due)))
        await asyncio.gather(*sent)
        await asyncio.sleep(max(0.0, PHASES[-1][0] - activator.now()))
    finally:
        ticking.cancel()
        pool.close()
        await activator.close()
        server.close()
    return outcome, activator.failed


def compare(real: Outcome, simulated: Outcome) -> list[tuple[str, float, float]]:
    def both(of) -> tuple[float, float]:
        return of(real), of(simulated)

    return [
        ("requests", *both(lambda o: o.requests)),
        ("p50, ms", *both(lambda o: o.percentile(0.5) * 1000)),
        ("p99, ms", *both(lambda o: o.percentile(0.99) * 1000)),
        ("cold requests", *both(lambda o: len(o.cold))),
        ("their median wait, ms", *both(lambda o: quantile(o.cold, 0.5) * 1000)),
        ("starts", *both(lambda o: o.starts)),
        ("replica seconds", *both(Outcome.replica_seconds)),
        ("CPU seconds", *both(lambda o: o.cpu)),
    ]


def main(args: argparse.Namespace) -> None:
    image = ImageFile(args.photo.name, args.photo.read_bytes())
    found = launchers([args.server], args.model)
    if not found:
        raise SystemExit(1)
    cpus = sorted(os.sched_getaffinity(0))
    settings = replace(knative.Settings().scaled(FASTER), max_scale=len(cpus))
    entry = measuring.measure(found[0], {cpus[0]}, image, min(args.starts, 5), 3.0)
    profile = profiles.profile(args.server, entry)
    times = arrivals(1 / profile.mean_service, args.seed)
    simulated = simulation.run(traffic.given(times, PHASES[-1][0]), profile, settings, args.seed, pod_start=0.0)
    real, failed = asyncio.run(replay(found[0], settings, image, times))
    rows = compare(real, simulated)
    print("| | real | simulated | error |\n|---|---:|---:|---:|")
    for name, measured, expected in rows:
        error = f"{(expected / measured - 1) * 100:+.1f} %" if measured else ""
        print(f"| {name} | {measured:.4g} | {expected:.4g} | {error} |")
    print(f"# {found[0].title}, {failed} requests failed; one request takes {profile.mean_service * 1000:.1f} ms")
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "check.json").write_text(json.dumps({"rows": rows, "failed": failed, "profile": entry}, indent=1))
