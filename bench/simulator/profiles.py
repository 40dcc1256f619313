"""Reads measured.json: what a server takes to start and to answer, on a replica with one CPU unless it says otherwise."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

MEASURED = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class Profile:
    """One server.

    `starts` are seconds from the start of the process to the first response; `service` seconds of one request alone, as quantiles at equal
    distances; `loads` by how much a request takes longer with so many in the server, beyond waiting for them; `warm_up` how many times as long
    requests take up to the n-th of a process. `cpu` and `start_cpu` are CPU seconds per request and per start, `rss` MiB, and `workers` how
    many requests are worked on at once.
    """

    name: str
    title: str
    starts: tuple[float, ...]
    service: tuple[float, ...]
    loads: tuple[tuple[int, float], ...]
    warm_up: tuple[tuple[int, float], ...]
    cpu: float
    start_cpu: float
    rss: float
    workers: int
    source: str

    @property
    def mean_service(self) -> float:
        return fmean(self.service)

    def ready_after(self, random: float) -> float:
        """The seconds until it takes requests, by a random number: the first response's time, without that response."""
        start = self.starts[int(random * len(self.starts))]
        return max(0.0, start - self.mean_service * self.warmth(0))

    def load(self, in_flight: int) -> float:
        """By what a request's time is multiplied with so many in the server; linear between what was measured."""
        counts = [count for count, _ in self.loads]
        at = bisect_right(counts, in_flight)
        if at == 0:
            return 1.0
        if at == len(counts):
            return self.loads[-1][1]
        (below, less), (above, more) = self.loads[at - 1], self.loads[at]
        return less + (more - less) * (in_flight - below) / (above - below)

    def warmth(self, served: int) -> float:
        """By what the time of a process's next request is multiplied."""
        for count, factor in self.warm_up:
            if served < count:
                return factor
        return 1.0


def profile(name: str, entry: dict) -> Profile:
    service = tuple(ms / 1000 for ms in entry["service_ms"])
    workers = entry.get("workers", 1)
    mean = fmean(service)
    loads = [(workers, 1.0)]
    for count, measured in sorted((int(count), measured) for count, measured in entry.get("loaded", {}).items()):
        if count > workers:
            loads.append((count, workers / measured["rate"] / mean))
    return Profile(
        name,
        entry["title"],
        tuple(entry["start_seconds"]),
        service,
        tuple(loads),
        tuple((int(count), factor) for count, factor in entry.get("warm_up", [])),
        entry["cpu_ms"] / 1000,
        entry["start_cpu_seconds"],
        entry["rss_mib"],
        workers,
        entry["source"],
    )


def read(file: Path = MEASURED) -> tuple[dict, list[Profile]]:
    """Returns what was measured where, and the servers."""
    measured = json.loads(file.read_text())
    return measured["about"], [profile(name, entry) for name, entry in measured["servers"].items()]
