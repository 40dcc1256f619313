"""Measures what measured.json holds: starts, requests one at a time and under load, CPU seconds and memory, on one CPU per server."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import processes
from client import ImageFile

from simulator.real.launch import Launcher, cpus, free_port, launchers, stop
from simulator.real.pool import Pool, rate

LONGEST_START = 120.0
LEVELS = (2, 4, 8)
QUANTILES = 100
WARM_UP = 3000  # requests at most, and
WARM_UP_SECONDS = 40.0
STEADY = 300
AGES = (1, 3, 10, 30, 100, 300, 1000)


@dataclass(frozen=True)
class Start:
    """Seconds to the first response, of the first request itself, and of the CPU until then."""

    seconds: float
    first: float
    cpu: float


@contextmanager
def started(launcher: Launcher, on: set[int], image: ImageFile) -> Iterator[tuple[int, int, Start]]:
    """Starts a server and sends requests until the first succeeds; yields its port, its process and how long that took."""
    port = free_port()
    began = time.perf_counter()
    process = launcher.start(port, on)
    try:
        first = asyncio.run(until_answered(port, image, process.poll))
        seconds = time.perf_counter() - began
        yield port, process.pid, Start(seconds, first, processes.cpu_seconds(processes.tree(process.pid)))
    finally:
        stop(process)


async def until_answered(port: int, image: ImageFile, ended) -> float:
    """Tries every millisecond; returns how long the request took that succeeded."""
    pool, end = Pool(port), time.perf_counter() + LONGEST_START
    while time.perf_counter() < end and ended() is None:
        began = time.perf_counter()
        if await pool.post(image) == 200:
            pool.close()
            return time.perf_counter() - began
        await asyncio.sleep(0.001)
    raise SystemExit(f"the server on port {port} does not start; its log is in target/serving/fleet-{port}.log")


async def one_by_one(port: int, image: ImageFile, count: int, seconds: float) -> list[float]:
    """Returns how long each of up to `count` requests took, sent one after the other for up to so many seconds."""
    pool, taken, end = Pool(port), [], time.perf_counter() + seconds
    while len(taken) < count and time.perf_counter() < end:
        began = time.perf_counter()
        if await pool.post(image) != 200:
            raise SystemExit(f"the server on port {port} does not answer 200")
        taken.append(time.perf_counter() - began)
    pool.close()
    return taken


def quantiles(values: list[float], count: int) -> list[float]:
    """Equally likely values, from the smallest to the largest."""
    ordered = sorted(values)
    return [ordered[int((i + 0.5) * len(ordered) / count)] for i in range(count)]


def ages(taken: list[float], first: float, steady: float) -> list[tuple[int, float]]:
    """By how much longer requests took up to the n-th of the process than they take later; the first one is from other starts."""
    factors, before = [(1, max(1.0, first / steady))], 1
    for age in AGES[1:]:
        if age <= len(taken):
            factors.append((age, max(1.0, fmean(taken[before - 1 : age - 1]) / steady)))
            before = age
    while factors and factors[-1][1] < 1.05:
        factors.pop()
    return [(age, round(factor, 2)) for age, factor in factors]


def measure(launcher: Launcher, on: set[int], image: ImageFile, starts: int, seconds: float) -> dict:
    """Returns a server's part of measured.json."""
    tries = []
    for i in range(starts + 1):
        with started(launcher, on, image) as (_, _, start):
            if i:  # the first one fills the page cache
                tries.append(start)
    with started(launcher, on, image) as (port, pid, _):
        young = asyncio.run(one_by_one(port, image, WARM_UP, WARM_UP_SECONDS))
        before = processes.cpu_seconds(processes.tree(pid))
        steady = asyncio.run(one_by_one(port, image, STEADY, WARM_UP_SECONDS))
        cpu = (processes.cpu_seconds(processes.tree(pid)) - before) / len(steady)
        loaded = {str(level): {"rate": round(asyncio.run(rate(port, image, level, seconds)), 2)} for level in LEVELS}
        rss = processes.usage(pid).rss_mib
    first = median(start.first for start in tries)
    return {
        "title": launcher.title,
        "source": "measured",
        "workers": 1,
        "start_seconds": [round(start.seconds, 4) for start in sorted(tries, key=lambda start: start.seconds)],
        "start_cpu_seconds": round(median(start.cpu for start in tries), 3),
        "service_ms": [round(value * 1000, 3) for value in quantiles(steady, QUANTILES)],
        "loaded": loaded,
        "warm_up": ages(young, first, fmean(steady)),
        "cpu_ms": round(cpu * 1000, 3),
        "rss_mib": round(rss, 1),
    }


def about(args: argparse.Namespace, image: ImageFile) -> dict:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return {
        "machine": f"{len(os.sched_getaffinity(0))} CPUs of {name}, one for the server and one for the requests",
        "date": time.strftime("%Y-%m-%d"),
        "model": args.model.name,
        "photo": f"{image.name}, {len(image.body):,} bytes",
        "python": platform.python_version(),
    }


def main(args: argparse.Namespace) -> None:
    image = ImageFile(args.photo.name, args.photo.read_bytes())
    written = {"about": about(args, image), "servers": {}}
    theirs, own = cpus()
    for launcher in launchers(args.servers.split(","), args.model):
        os.sched_setaffinity(0, own)
        entry = measure(launcher, theirs[0], image, args.starts, 3.0)
        written["servers"][launcher.name] = entry
        print(f"{launcher.title}: {median(entry['start_seconds']) * 1000:.0f} ms to the first response, "
              f"{fmean(entry['service_ms']):.1f} ms per request, {entry['cpu_ms']:.1f} of them CPU, {entry['rss_mib']:.0f} MiB", flush=True)  # fmt: skip
        args.measured.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n")
    print(f"# written to {args.measured}")
