"""Makes the traffic that is replayed: when requests arrive, in seconds. The same seed makes the same arrivals.

The shape of the trace follows the statistics that Shahrad et al. published of Azure Functions in 2019 ("Serverless in the Wild", USENIX ATC
2020, section 3): how many applications are called how often, and how irregularly. No data set is needed, and none is here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

HOUR, DAY = 3600.0, 86400.0

# Of the applications, the share that is called at most so often a day: 45 % once per hour, 81 % once per minute. The ends are choices: less
# than once a day costs nothing that differs, and the most called one is bounded so that a study ends.
POPULARITY = ((0.0, 1.0), (0.45, 24.0), (0.81, 1440.0), (1.0, 2_000_000.0))
# Coefficients of variation of the times between calls, and the share of applications that have them. 14 % have timers only; 40 % have more
# than 1, for which 3 is a choice, as 1 is for those between.
REGULARITY = ((0.14, 0.0), (0.46, 1.0), (0.40, 3.0))


@dataclass(frozen=True)
class Service:
    """What one service receives: arrivals in order, up to `seconds`."""

    seconds: float
    arrivals: Callable[[Random], Iterator[float]]


@dataclass(frozen=True)
class Traffic:
    """What is replayed: one service, or several that share nothing."""

    name: str
    title: str
    services: tuple[Service, ...]


def varying(seconds: float, rate: Callable[[float], float], step: float = 2.0) -> Service:
    """A Poisson process whose rate, per second, changes every `step` seconds."""

    def arrivals(random: Random) -> Iterator[float]:
        gap = random.expovariate
        for i in range(math.ceil(seconds / step)):
            start = i * step
            end = min(start + step, seconds)
            now_rate = rate(start + step / 2)
            if now_rate <= 0:
                continue
            at = start + gap(now_rate)
            while at < end:
                yield at
                at += gap(now_rate)

    return Service(seconds, arrivals)


def renewals(seconds: float, rate: float, variation: float) -> Service:
    """Arrivals whose gaps have a mean of 1 / rate and this coefficient of variation: equal, exponential, or hyperexponential."""

    def arrivals(random: Random) -> Iterator[float]:
        gap = gaps(random, rate, variation)
        at = random.random() / rate if variation == 0 else gap()
        while at < seconds:
            yield at
            at += gap()

    return Service(seconds, arrivals)


def gaps(random: Random, rate: float, variation: float) -> Callable[[], float]:
    if variation == 0:
        return lambda: 1 / rate
    if variation <= 1:
        return lambda: random.expovariate(rate)
    # Two exponentials with balanced means, which have this variation exactly.
    squared = variation * variation
    share = (1 + math.sqrt((squared - 1) / (squared + 1))) / 2
    fast, slow = 2 * share * rate, 2 * (1 - share) * rate
    return lambda: random.expovariate(fast if random.random() < share else slow)


def day(images: float = 5_000_000, trough: float = 0.1) -> Traffic:
    """A day with its least at 4:00 and its most at 16:00; `trough` is the least, of the most."""
    mean = images / DAY
    swing = (1 - trough) / (1 + trough)
    service = varying(DAY, lambda t: mean * (1 - swing * math.cos(2 * math.pi * (t - 4 * HOUR) / DAY)))
    return Traffic("day", f"A day: {images / 1e6:g} million images, at night {trough:.0%} of the most", (service,))


def bursts(base: float = 4, burst: float = 200, every: float = 600, length: float = 30, hours: float = 6) -> Traffic:
    service = varying(hours * HOUR, lambda t: burst if t % every >= every - length else base)
    title = f"Bursts: {base:g} a second, and {burst:g} for {length:g} seconds every {every / 60:g} minutes"
    return Traffic("bursts", title, (service,))


def hourly(days: int = 28) -> Traffic:
    """One request in each hour, at a random time in it."""

    def arrivals(random: Random) -> Iterator[float]:
        return iter(sorted(hour * HOUR + random.random() * HOUR for hour in range(days * 24)))

    return Traffic("hourly", "One request an hour", (Service(days * DAY, arrivals),))


def popularity(quantile: float) -> float:
    """How often a day the application at this quantile is called; between the published points, linear in the logarithm."""
    for (below, least), (above, most) in zip(POPULARITY, POPULARITY[1:]):
        if quantile <= above:
            part = (quantile - below) / (above - below)
            return math.exp(math.log(least) + part * (math.log(most) - math.log(least)))
    return POPULARITY[-1][1]


def trace(seed: int, applications: int = 40) -> Traffic:
    """Models that are called as the functions of the trace are, each with replicas of its own, for a day."""
    variations = [regularity((i + 0.5) / applications) for i in range(applications)]
    Random(f"{seed}/regularity").shuffle(variations)
    services = tuple(
        renewals(DAY, popularity((i + 0.5) / applications) / DAY, variation) for i, variation in enumerate(variations)
    )
    return Traffic("trace", f"{applications} models, called as the applications in Azure's trace of 2019", services)


def regularity(quantile: float) -> float:
    for share, variation in REGULARITY:
        if quantile < share:
            return variation
        quantile -= share
    return REGULARITY[-1][1]


def given(arrivals: list[float], seconds: float) -> Traffic:
    """Replays what is given."""
    return Traffic("given", "given", (Service(seconds, lambda _: iter(arrivals)),))


def all_of_them(seed: int, scale: float) -> list[Traffic]:
    """The study's; `scale` multiplies the rates of the day and of the bursts."""
    return [day(5_000_000 * scale), bursts(4 * scale, 200 * scale), hourly(), trace(seed)]
