"""A small activator: a proxy on the loopback address that starts and stops local processes by Knative's rules, and holds requests meanwhile."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections import deque

from client import ImageFile

from simulator.knative import Autoscaler, Settings
from simulator.outcome import Outcome
from simulator.real.launch import Launcher, free_port, stop
from simulator.real.pool import Pool

POLL = 0.005


class Replica:
    """A local process, on a CPU of its own."""

    def __init__(self, launcher: Launcher, cpus: set[int], now: float) -> None:
        self.cpus = cpus
        self.created = now
        self.ready: float | None = None
        self.port = free_port()
        self.pool = Pool(self.port)
        self.in_flight = 0
        self.process: subprocess.Popen = launcher.start(self.port, cpus)


class Activator:
    """Gives requests to replicas in turn, each at most `concurrency` of them; those beyond wait here, first come first served."""

    def __init__(self, launcher: Launcher, settings: Settings, cpus: list[set[int]], image: ImageFile) -> None:
        self.launcher = launcher
        self.settings = settings
        self.cpus = list(cpus)
        self.image = image
        self.autoscaler = Autoscaler(settings)
        self.outcome = Outcome()
        self.replicas: list[Replica] = []
        self.starting: list[Replica] = []
        self.waiting: deque[asyncio.Future[Replica]] = deque()
        self.tasks: set[asyncio.Task] = set()
        self.turn = 0
        self.failed = 0
        self.there = 0
        self.area = 0.0
        self.changed = 0.0
        self.began = time.perf_counter()

    def now(self) -> float:
        return time.perf_counter() - self.began

    def size(self) -> int:
        return len(self.replicas) + len(self.starting)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of one connection, which need a Content-Length."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                lengths = [line.partition(":")[2] for line in head if line.lower().startswith("content-length:")]
                await reader.readexactly(int(lengths[0]) if lengths else 0)
                status = await self.handle()
                writer.write(f"HTTP/1.1 {status or 502} Replayed\r\nContent-Length: 0\r\n\r\n".encode())
        except (OSError, ValueError, asyncio.IncompleteReadError):
            writer.close()

    async def handle(self) -> int:
        """Sends the photo to a replica, and starts the first one if need be; returns its status."""
        arrival = self.now()
        self.count(1)
        if self.size() == 0:
            self.scale(self.autoscaler.woken(arrival))
        replica = self.room()
        if replica is None:
            self.waiting.append(asyncio.get_running_loop().create_future())
            replica = await self.waiting[-1]
        else:
            replica.in_flight += 1
        if replica.ready > arrival:
            self.outcome.cold.append(self.now() - arrival)
        status = await replica.pool.post(self.image)
        replica.in_flight -= 1
        self.count(-1)
        self.failed += status != 200
        self.hand_over()
        return status

    def count(self, change: int) -> None:
        now = self.now()
        self.area += self.there * (now - self.changed)
        self.there += change
        self.changed = now

    def room(self) -> Replica | None:
        """The next replica with room, in turn."""
        limit = self.settings.concurrency or 1 << 30
        for i in range(len(self.replicas)):
            at = (self.turn + i) % len(self.replicas)
            if self.replicas[at].in_flight < limit:
                self.turn = at + 1
                return self.replicas[at]
        return None

    def hand_over(self) -> None:
        while self.waiting and (replica := self.room()):
            replica.in_flight += 1
            self.waiting.popleft().set_result(replica)

    def scale(self, count: int) -> None:
        while self.size() < count:
            replica = Replica(self.launcher, self.cpus.pop(0) if self.cpus else set(), self.now())
            self.outcome.starts += 1
            self.starting.append(replica)
            self.spawn(self.until_ready(replica))
        while self.size() > count:
            replica = (self.starting or self.replicas).pop()
            self.spawn(self.retire(replica))

    def spawn(self, work) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def until_ready(self, replica: Replica) -> None:
        """Its port opens when it can answer."""
        while replica in self.starting:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", replica.port)
                writer.close()
            except OSError:
                await asyncio.sleep(POLL)
                continue
            if replica in self.starting:
                self.starting.remove(replica)
                replica.ready = self.now()
                self.replicas.append(replica)
                self.hand_over()

    async def retire(self, replica: Replica) -> None:
        """Stops a replica when its requests are answered."""
        while replica.in_flight:
            await asyncio.sleep(POLL)
        self.outcome.lifetimes.append(self.now() - replica.created)
        replica.pool.close()
        seconds = await asyncio.to_thread(stop, replica.process)
        self.outcome.cpu += seconds  # others add theirs during the wait
        self.cpus.append(replica.cpus)

    async def run(self) -> None:
        """Decides at each tick, until cancelled."""
        bucket = self.settings.bucket
        every = round(self.settings.tick / bucket)
        passed, area = 0, 0.0
        while True:
            passed += 1
            await asyncio.sleep(max(0.0, passed * bucket - self.now()))
            self.count(0)
            average, area = (self.area - area) / bucket, self.area
            if self.size() == 0:
                continue
            self.autoscaler.record(passed * bucket, average)
            if passed % every == 0:
                self.decide(passed * bucket)

    def decide(self, now: float) -> None:
        ready = len(self.replicas)
        if ready:
            self.autoscaler.activated(now)
        self.scale(self.autoscaler.decide(now, self.size(), ready))

    async def close(self) -> None:
        self.scale(0)
        while self.tasks:
            await asyncio.gather(*self.tasks)
