"""The replicas of one service and the requests in them: who waits where, who is served when."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush, heapreplace
from random import Random

from simulator.outcome import Outcome
from simulator.profiles import Profile

FACTORS = 64  # more than so many requests in a replica make each no slower


class Replica:
    """Works on `workers` requests at once, in the order in which they came."""

    __slots__ = ("active", "active_until", "created", "ends", "ready", "served", "work", "workers")

    def __init__(self, created: float, ready: float, workers: int) -> None:
        self.created = created
        self.ready = ready
        self.workers = [ready] * workers  # when each is free
        self.ends: list[float] = []
        self.served = 0
        self.work = 0.0
        self.active = ready - created
        self.active_until = ready

    def last_end(self) -> float:
        return max(self.workers)

    def worked(self, until: float) -> float:
        """The seconds of work up to a time that is not before the last request came."""
        return self.work - sum(free - until for free in self.workers if free > until)


class Fleet:
    """Gives requests to replicas in turn. With a limit of `concurrency`, those beyond it wait before the replicas, first come first served."""

    def __init__(self, profile: Profile, concurrency: int | None, bucket: float, random: Random, outcome: Outcome) -> None:
        self.profile = profile
        self.concurrency = concurrency or 1 << 30
        self.random = random
        self.outcome = outcome
        self.bucket = bucket
        self.buckets: dict[int, float] = {}  # the seconds in which requests were there, by time
        self.factors = [profile.load(count) for count in range(FACTORS + 1)]
        self.cold_for = max((count for count, _ in profile.warm_up), default=0)
        self.replicas: list[Replica] = []
        self.starting: list[Replica] = []
        self.waiting: deque[float] = deque()
        self.turn = 0
        self.clock = 0.0

    def size(self) -> int:
        return len(self.replicas) + len(self.starting)

    def scale(self, now: float, count: int, delay: float) -> None:
        """Starts replicas, which take `delay` until their process starts, or stops some: those that start first, then the newest."""
        for _ in range(self.size(), count):
            ready = now + delay + self.profile.ready_after(self.random.random())
            self.starting.append(Replica(now, ready, self.profile.workers))
            self.outcome.starts += 1
            self.outcome.cpu += self.profile.start_cpu
        self.outcome.most = max(self.outcome.most, self.size())
        self.starting.sort(key=lambda replica: replica.ready)
        while self.size() > max(count, 0):
            replica = (self.starting or self.replicas).pop()
            self._retire(replica, max(now, replica.last_end()) if replica.served else now)

    def _retire(self, replica: Replica, end: float) -> None:
        self.outcome.lifetimes.append(end - replica.created)
        self.outcome.active += replica.active if replica.served else min(replica.active, end - replica.created)

    def close(self, now: float) -> None:
        self.scale(now, 0, 0)

    def advance(self, arrivals: list[float], until: float) -> None:
        """Takes the arrivals before `until`, in order, as replicas become ready meanwhile."""
        first = 0
        while self.starting and self.starting[0].ready < until:
            ready = self.starting[0].ready
            count = next((i for i in range(first, len(arrivals)) if arrivals[i] >= ready), len(arrivals))
            self._segment(arrivals[first:count], ready)
            first = count
            self.replicas.append(self.starting.pop(0))
            self.clock = max(self.clock, ready)
        self._segment(arrivals[first:] if first else arrivals, until)

    def _segment(self, arrivals: list[float], until: float) -> None:
        began = self.clock
        waiting = self.waiting
        waiting.extend(arrivals)
        while waiting and self.replicas:
            arrival = waiting[0]
            at = arrival if arrival > self.clock else self.clock
            replica = self._room(at)
            if replica is None:
                at = min(replica.ends[0] for replica in self.replicas)
                if at >= until:
                    break
                replica = self._room(at)
            waiting.popleft()
            self.clock = at
            self._serve(replica, arrival, at, began)
        for arrival in waiting:
            self._there(max(arrival, began), until)
        self.clock = until

    def _room(self, at: float) -> Replica | None:
        """The next replica with room, in turn."""
        replicas = self.replicas
        count = len(replicas)
        turn = self.turn
        for _ in range(count):
            if turn >= count:
                turn = 0
            replica = replicas[turn]
            turn += 1
            ends = replica.ends
            while ends and ends[0] <= at:
                heappop(ends)
            if len(ends) < self.concurrency:
                self.turn = turn
                return replica
        return None

    def _serve(self, replica: Replica, arrival: float, at: float, counted: float) -> None:
        """Hands a request to a replica. The time in which it waited is counted up to `counted`."""
        profile = self.profile
        ends = replica.ends
        service = profile.service[int(self.random.random() * len(profile.service))]
        in_flight = len(ends) + 1
        service *= self.factors[in_flight if in_flight < FACTORS else FACTORS]
        if replica.served < self.cold_for:
            service *= profile.warmth(replica.served)
        free = replica.workers[0]
        end = (at if at > free else free) + service
        heapreplace(replica.workers, end)
        heappush(ends, end)
        replica.served += 1
        replica.work += service
        if end > replica.active_until:
            replica.active += end - (at if at > replica.active_until else replica.active_until)
            replica.active_until = end
        self.outcome.answered(arrival, end, service, replica.ready > arrival, at)
        self._there(arrival if arrival > counted else counted, end)

    def _there(self, start: float, end: float) -> None:
        """Counts that a request was there from one time to another."""
        bucket, buckets = self.bucket, self.buckets
        first, last = int(start / bucket), int(end / bucket)
        if first == last:
            buckets[first] = buckets.get(first, 0.0) + end - start
            return
        buckets[first] = buckets.get(first, 0.0) + (first + 1) * bucket - start
        for i in range(first + 1, last):
            buckets[i] = buckets.get(i, 0.0) + bucket
        buckets[last] = buckets.get(last, 0.0) + end - last * bucket

    def concurrency_of(self, index: int) -> float:
        """The average number of requests in a bucket that has ended."""
        return self.buckets.pop(index, 0.0) / self.bucket
