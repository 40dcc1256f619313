"""Generates load in a closed loop (as fast as responses come) or an open one (at a fixed rate); counts responses."""

import asyncio
import collections
import time

from client import Connection, ImageFile, RefusedError, Response
from running import PORT

TIMEOUT = 60


class Tally:
    """Counts responses, and what is wrong with them."""

    def __init__(self) -> None:
        self.seconds: dict[int, list[float]] = collections.defaultdict(list)
        self.wrong: collections.Counter[str] = collections.Counter()
        self.refused_connections = 0

    def add(self, image: ImageFile, response: Response) -> None:
        self.seconds[response.status].append(response.seconds)
        if response.status == 0:
            connection = "a kept connection" if response.kept else "a new connection"
            self.wrong[f"lost on {connection} ({response.lost})"] += 1
        elif not response.echoed:
            self.wrong[f"{response.status} with another request's id, or none"] += 1
        elif response.status == 503:
            if not response.retry_after:
                self.wrong["503 without Retry-After"] += 1
        elif response.status not in image.statuses:
            self.wrong[f"{response.status} to {image.name}"] += 1

    def merge(self, other: "Tally") -> None:
        for status, times in other.seconds.items():
            self.seconds[status] += times
        self.wrong.update(other.wrong)
        self.refused_connections += other.refused_connections

    def count(self) -> int:
        return sum(len(times) for times in self.seconds.values())

    def percentile(self, status: int, share: float) -> float:
        """In milliseconds."""
        times = sorted(self.seconds[status])
        return times[min(len(times) - 1, int(share * len(times)))] * 1000 if times else float("nan")

    def show(self, words: str) -> None:
        print(f"{words}: {self.count()} requests", flush=True)
        for status in sorted(self.seconds):
            p50, p99 = self.percentile(status, 0.5), self.percentile(status, 0.99)
            print(f"  {status or 'no response'}: {len(self.seconds[status])}, p50 {p50:.1f} ms, p99 {p99:.1f} ms")
        for what, count in self.wrong.most_common():
            print(f"  WRONG: {what}: {count} times")


class Pool:
    """Keeps connections, and takes the one that was used last."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.idle: list[Connection] = []

    async def send(self, image: ImageFile) -> None:
        connection = self.idle.pop() if self.idle else Connection(PORT, TIMEOUT)
        try:
            if not connection.usable:
                await connection.open()
        except RefusedError:
            self.tally.refused_connections += 1
            self.tally.wrong["connection refused"] += 1
            return
        self.tally.add(image, await connection.send(image))
        if connection.usable:
            self.idle.append(connection)

    async def close(self) -> None:
        doubled = await asyncio.gather(*(connection.surplus() for connection in self.idle))
        if any(doubled):
            self.tally.wrong["bytes after the response: answered twice"] += sum(doubled)
        for connection in self.idle:
            connection.close()


async def closed_loop(images: list[ImageFile], connections: int, seconds: float) -> tuple[Tally, float]:
    """Sends the next request on each connection when the last is answered; also returns the responses per second."""
    tally = Tally()
    pool = Pool(tally)
    started = time.perf_counter()

    async def work(first: int) -> None:
        i = first
        while time.perf_counter() - started < seconds:
            await pool.send(images[i % len(images)])
            i += 1

    await asyncio.gather(*(work(i) for i in range(connections)))
    rate = tally.count() / (time.perf_counter() - started)
    await pool.close()
    return tally, rate


async def open_loop(images: list[ImageFile], rate: float, seconds: float) -> tuple[Tally, list[float]]:
    """Sends `rate` requests per second, however fast they are answered; also returns how late each was, in seconds."""
    tally = Tally()
    pool = Pool(tally)
    late, tasks = [], set()
    started = time.perf_counter()
    for i in range(int(rate * seconds)):
        due = started + i / rate
        while (ahead := due - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        late.append(time.perf_counter() - due)
        task = asyncio.create_task(pool.send(images[i % len(images)]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        if late[-1] > 0.005:
            # Late already: read the responses nevertheless.
            await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    await pool.close()
    return tally, late
