"""What a simulation or a real run yields: latencies, cold starts, and what it takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

STEP = 0.0001  # latencies are counted in tenths of a millisecond
LONGEST = 120.0


@dataclass
class Outcome:
    """Seconds, unless named otherwise. A request is cold if it waited for a replica that was not ready when it came.

    `lifetimes` are those of the replicas, from their creation on; `active` is the time in which they started or had requests.
    """

    requests: int = 0
    starts: int = 0
    cpu: float = 0.0
    active: float = 0.0
    service: float = 0.0
    lifetimes: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    latencies: list[int] = field(default_factory=lambda: [0] * (int(LONGEST / STEP) + 1))
    replicas: list[tuple[float, float]] = field(default_factory=list)
    most: int = 0
    cold_shares: list[float] = field(default_factory=list)  # of each service

    def answered(self, arrival: float, end: float, service: float, cold: bool, started: float) -> None:
        self.requests += 1
        self.service += service
        latency = end - arrival
        self.latencies[int(latency / STEP) if latency < LONGEST else -1] += 1
        if cold:
            self.cold.append(started - arrival)

    def percentile(self, share: float) -> float:
        """The latency that this share of the requests did not exceed, to a tenth of a millisecond; NaN without requests."""
        if not self.requests:
            return float("nan")
        needed = max(1, ceil(round(share * self.requests, 6)))
        for i, count in enumerate(self.latencies):
            needed -= count
            if needed <= 0:
                return (i + 0.5) * STEP
        return LONGEST

    def replica_seconds(self) -> float:
        return sum(self.lifetimes)

    def merge(self, other: Outcome) -> None:
        """Adds another service's, which ran at the same time; the most replicas are then those of the curve's points."""
        self.requests += other.requests
        self.starts += other.starts
        self.cpu += other.cpu
        self.active += other.active
        self.service += other.service
        self.lifetimes += other.lifetimes
        self.cold += other.cold
        self.latencies = [a + b for a, b in zip(self.latencies, other.latencies)]
        self.cold_shares.append(len(other.cold) / other.requests if other.requests else 0.0)
        if self.replicas:
            self.replicas = [(at, a + b) for (at, a), (_, b) in zip(self.replicas, other.replicas)]
            self.most = int(max(count for _, count in self.replicas))
        else:
            self.replicas, self.most = other.replicas, other.most


def quantile(values: list[float], share: float) -> float:
    """NaN without values."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, ceil(round(share * len(ordered), 6)) - 1))]
