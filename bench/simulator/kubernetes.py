"""Decides how many replicas there are as Kubernetes' HorizontalPodAutoscaler (HPA) does, by the utilization of CPUs.

After kubernetes/kubernetes: pkg/controller/podautoscaler/replica_calculator.go (the ratio, tolerance, and replicas that are not ready) and
horizontal.go (stabilization and policies). The defaults are those of the controller manager and of `behavior` in autoscaling/v2; the target is
the documentation's usual 70 %. Times are seconds.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    sync: float = 15.0
    tolerance: float = 0.1
    target_utilization: float = 0.70
    stabilization_down: float = 300.0
    stabilization_up: float = 0.0
    policy_period: float = 15.0
    up_pods: int = 4
    up_percent: float = 100.0
    down_percent: float = 100.0
    metrics_window: float = 15.0
    min_scale: int = 1
    max_scale: int = 100


def proposal(current: int, utilizations: list[float], unready: int, target: float, tolerance: float) -> int:
    """The replicas that would have the target's utilization.

    `utilizations` are those of the replicas with metrics, of their request for CPU. Those that are not ready yet count as idle when there
    should be more replicas, and not at all otherwise.
    """
    if not utilizations:
        return current
    ratio = sum(utilizations) / len(utilizations) / target
    if unready == 0 or ratio <= 1:
        if abs(1 - ratio) <= tolerance:
            return current
        return math.ceil(round(ratio * len(utilizations), 9))
    count = len(utilizations) + unready
    damped = sum(utilizations) / count / target
    if abs(1 - damped) <= tolerance or damped < 1:
        return current
    replicas = math.ceil(round(damped * count, 9))
    return current if replicas < current else replicas


class Decider:
    """Stabilizes proposals, and limits how fast they are followed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.proposals: deque[tuple[float, int]] = deque()
        self.changes: deque[tuple[float, int]] = deque()

    def desired(self, now: float, current: int, proposed: int) -> int:
        stable = self._stabilized(now, current, proposed)
        limited = self._limited(now, current, stable)
        if limited != current:
            self.changes.append((now, limited - current))
        return limited

    def _stabilized(self, now: float, current: int, proposed: int) -> int:
        """Down only to the most of the proposals in one window, up only to the least of those in the other."""
        s = self.settings
        if not self.proposals:
            self.proposals.append((now, current))
        longest = max(s.stabilization_down, s.stabilization_up)
        while self.proposals and self.proposals[0][0] <= now - longest:
            self.proposals.popleft()
        up = min([proposed] + [count for at, count in self.proposals if at > now - s.stabilization_up])
        down = max([proposed] + [count for at, count in self.proposals if at > now - s.stabilization_down])
        self.proposals.append((now, proposed))
        return min(max(current, up), down)

    def _limited(self, now: float, current: int, wanted: int) -> int:
        s = self.settings
        while self.changes and self.changes[0][0] <= now - s.policy_period:
            self.changes.popleft()
        if wanted > current:
            before = current - sum(change for _, change in self.changes if change > 0)
            most = max(before + s.up_pods, math.ceil(before * (1 + s.up_percent / 100)))
            return min(wanted, max(most, current), s.max_scale)
        if wanted < current:
            before = current - sum(change for _, change in self.changes if change < 0)
            least = math.floor(before * (1 - s.down_percent / 100))
            return max(wanted, min(least, current), s.min_scale)
        return current


class Autoscaler:
    """All of it, as the simulation uses it. There are always `min_scale` replicas, and requests wait in them, not before them."""

    central = False
    concurrency = None

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.interval = settings.sync
        self.initial = settings.min_scale
        self.decider = Decider(settings)

    def decide(self, now: float, current: int, utilizations: list[float], unready: int) -> int:
        s = self.settings
        proposed = proposal(current, utilizations, unready, s.target_utilization, s.tolerance)
        return self.decider.desired(now, current, min(max(proposed, s.min_scale), s.max_scale))
