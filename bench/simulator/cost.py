"""Prices what a fleet took, by prices.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from simulator.outcome import Outcome

PRICES = Path(__file__).with_name("prices.json")
HEADROOM = 1.25  # of memory, over what was measured
GIB = 1024.0


@dataclass(frozen=True)
class Price:
    """A platform's price for a replica with one vCPU.

    `by_request`: it takes only the seconds in which a replica starts or has requests; otherwise all from its creation on, and at least
    `least_seconds`. Memory is sold in steps of `memory_step` GiB from `memory_least` on.
    """

    name: str
    vcpu_second: float
    gib_second: float
    million_requests: float
    by_request: bool
    memory_least: float
    memory_step: float
    least_seconds: float
    vcpu: float

    def memory(self, rss_mib: float) -> float:
        """The GiB that are bought for a process of this size."""
        needed = rss_mib * HEADROOM / GIB
        steps = max(0, ceil(round((needed - self.memory_least) / self.memory_step, 9)))
        return self.memory_least + steps * self.memory_step

    def seconds(self, outcome: Outcome) -> float:
        if self.by_request:
            return outcome.active
        return sum(max(lifetime, self.least_seconds) for lifetime in outcome.lifetimes)

    def cost(self, outcome: Outcome, rss_mib: float) -> float:
        """In dollars."""
        a_second = self.vcpu * self.vcpu_second + self.memory(rss_mib) * self.gib_second
        return self.seconds(outcome) * a_second + outcome.requests / 1e6 * self.million_requests

    def per_million(self, outcome: Outcome, rss_mib: float) -> float:
        return self.cost(outcome, rss_mib) / outcome.requests * 1e6 if outcome.requests else float("nan")


def read(file: Path = PRICES) -> tuple[str, list[Price]]:
    """Returns the note on the prices, and them."""
    table = json.loads(file.read_text())
    return table["note"], [Price(**platform) for platform in table["platforms"]]
