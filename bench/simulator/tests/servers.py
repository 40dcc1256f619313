"""Made-up servers for tests."""

import math
from dataclasses import replace

from simulator.profiles import Profile

PLAIN = Profile("plain", "Plain", (0.5,), (0.1,), ((1, 1.0),), (), cpu=0.08, start_cpu=0.4, rss=100.0, workers=1, source="made up")


def plain(**changes) -> Profile:
    return replace(PLAIN, **changes)


def exponential(mean: float, count: int = 4000) -> tuple[float, ...]:
    """Equally likely values that are distributed exponentially."""
    values = [-math.log(1 - (i + 0.5) / count) for i in range(count)]
    return tuple(value * mean * count / sum(values) for value in values)
