"""Decides how many replicas there are as Knative's pod autoscaler (KPA) does.

After knative/serving: pkg/autoscaler/scaling/autoscaler.go (stable and panic mode), pkg/autoscaler/aggregation (windows of buckets) and
pkg/reconciler/autoscaling/kpa/scaler.go (to zero). The defaults are those of the ConfigMap config-autoscaler; `concurrency` and `target` are
those of deploy/knative/service.yaml. Times are seconds.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Settings:
    tick: float = 2.0
    bucket: float = 1.0
    stable_window: float = 60.0
    panic_window_share: float = 0.10
    panic_threshold: float = 2.0
    max_scale_up_rate: float = 1000.0
    max_scale_down_rate: float = 2.0
    target_utilization: float = 0.70
    scale_to_zero: bool = True
    grace_period: float = 30.0
    scale_down_delay: float = 0.0
    activation_scale: int = 1
    target_burst_capacity: float = 200.0
    min_scale: int = 0
    max_scale: int = 0  # 0: no limit
    concurrency: int = 8  # containerConcurrency; 0: no limit
    target: float = 2.0  # the annotation autoscaling.knative.dev/target; 0: containerConcurrency, or 100

    def total(self) -> float:
        """The concurrency that a replica is taken to bear."""
        total = self.target or self.concurrency or 100.0
        return min(total, self.concurrency) if self.concurrency else total

    def wanted(self) -> float:
        """The concurrency that a replica should have."""
        return max(0.01, self.total() * self.target_utilization)

    def scaled(self, times: float) -> Settings:
        """The same rules, but so many times as fast."""
        return replace(
            self,
            tick=self.tick / times,
            bucket=self.bucket / times,
            stable_window=self.stable_window / times,
            grace_period=self.grace_period / times,
            scale_down_delay=self.scale_down_delay / times,
        )


class Window:
    """The average of what was recorded in the last buckets, counted from the first after a silence as long as the window."""

    def __init__(self, seconds: float, bucket: float) -> None:
        self.size = max(1, round(seconds / bucket))
        self.values: deque[float] = deque(maxlen=self.size)

    def record(self, value: float) -> None:
        self.values.append(value)

    def reset(self) -> None:
        self.values.clear()

    def average(self) -> float:
        return sum(self.values) / len(self.values) if self.values else 0.0


class Decider:
    """Says how many replicas are desired; keeps the state of the panic mode."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.panic_since: float | None = None
        self.most_in_panic = 0
        self.delayed: deque[tuple[float, int]] = deque()

    def desired(self, now: float, ready: int, stable: float, panic: float) -> int:
        """Takes the average concurrency, over all replicas, of the stable and of the panic window."""
        s = self.settings
        pods = max(1, ready)
        most = math.ceil(s.max_scale_up_rate * pods)
        least = math.floor(pods / s.max_scale_down_rate)
        for_stable = math.ceil(round(stable / s.wanted(), 9))
        for_panic = math.ceil(round(panic / s.wanted(), 9))
        desired = self._activated(for_stable, min(max(for_stable, least), most))
        in_panic = self._activated(for_panic, min(max(for_panic, least), most))
        self._panic(now, for_panic / pods >= s.panic_threshold)
        if self.panic_since is not None:
            self.most_in_panic = max(self.most_in_panic, desired, in_panic)
            desired = self.most_in_panic
        return self._delay(now, desired)

    def _activated(self, needed: int, bounded: int) -> int:
        scale = self.settings.activation_scale
        return max(bounded, scale) if scale > 1 and needed > 0 else bounded

    def _panic(self, now: float, over: bool) -> None:
        if over:
            self.panic_since = now
        elif self.panic_since is not None and self.panic_since + self.settings.stable_window < now:
            self.panic_since = None
            self.most_in_panic = 0

    def _delay(self, now: float, desired: int) -> int:
        """The largest of the last `scale_down_delay` seconds."""
        if self.settings.scale_down_delay <= 0:
            return desired
        self.delayed.append((now, desired))
        while self.delayed[0][0] <= now - self.settings.scale_down_delay:
            self.delayed.popleft()
        return max(count for _, count in self.delayed)

    def spare(self, ready: int, panic: float) -> float:
        """The excess burst capacity; below 0 requests go through the activator."""
        s = self.settings
        if s.target_burst_capacity == 0:
            return 0.0
        if s.target_burst_capacity < 0:
            return -1.0
        return math.floor(ready * s.total() - s.target_burst_capacity - panic)


class Scaler:
    """Applies the bounds, and lets the last replica go only when it may."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.active_since: float | None = None
        self.proxied_since: float | None = 0.0  # the activator is in front of no replicas

    def activated(self, now: float) -> None:
        """A first replica is ready."""
        if self.active_since is None:
            self.active_since = now

    def observe(self, now: float, spare: float) -> None:
        """The activator is in front of the replicas when they could not bear a burst."""
        if spare < 0:
            self.proxied_since = now if self.proxied_since is None else self.proxied_since
        else:
            self.proxied_since = None

    def scale(self, now: float, current: int, desired: int) -> int:
        s = self.settings
        desired = max(desired, s.min_scale)
        if s.max_scale:
            desired = min(desired, s.max_scale)
        if desired > 0 or current == 0:
            return desired
        if not s.scale_to_zero:
            return 1
        if self.active_since is None:  # still activating
            return current
        if now - self.active_since < s.stable_window:
            return 1
        if self.proxied_since is None:  # inactive from now on, so that the activator takes over
            self.proxied_since = now
        if now - self.proxied_since < s.grace_period:
            return current
        self.active_since = None
        return 0


class Autoscaler:
    """All of it, as the simulation and the local activator use it."""

    central = True  # requests wait in the activator until a replica has room

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.interval = settings.tick
        self.concurrency = settings.concurrency or None
        self.initial = max(settings.min_scale, 0)
        self.decider = Decider(settings)
        self.scaler = Scaler(settings)
        self.stable = Window(settings.stable_window, settings.bucket)
        self.panic = Window(settings.stable_window * settings.panic_window_share, settings.bucket)
        self.recorded_until = 0.0

    def woken(self, now: float) -> int:
        """A request came while there was no replica: the activator says so at once."""
        silent = now - self.recorded_until
        if silent >= self.settings.stable_window:
            self.stable.reset()
            self.panic.reset()
        else:
            for _ in range(int(silent / self.settings.bucket)):
                self._record(0.0)
        self.recorded_until = now
        return max(1, self.settings.activation_scale)

    def record(self, until: float, concurrency: float) -> None:
        """Takes the average concurrency of one bucket's time, with what waits."""
        self.recorded_until = until
        self._record(concurrency)

    def _record(self, concurrency: float) -> None:
        self.stable.record(concurrency)
        self.panic.record(concurrency)

    def activated(self, now: float) -> None:
        self.scaler.activated(now)

    def decide(self, now: float, current: int, ready: int) -> int:
        stable, panic = self.stable.average(), self.panic.average()
        desired = self.decider.desired(now, ready, stable, panic)
        spare = self.decider.spare(ready, panic)
        if desired > 0:
            self.scaler.observe(now, spare)
        return self.scaler.scale(now, current, desired)
