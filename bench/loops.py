"""Load in two ways: as fast as the answers come, and at a fixed rate whatever comes; with a count of what came."""

import asyncio
import collections
import time

from client import Answer, Connection, Picture, RefusedError
from running import PORT

PATIENCE = 60


class Tally:
    """Counts answers, and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.seconds: dict[int, list[float]] = collections.defaultdict(list)
        self.wrong: collections.Counter[str] = collections.Counter()
        self.refused_connections = 0

    def add(self, picture: Picture, answer: Answer) -> None:
        self.seconds[answer.status].append(answer.seconds)
        if answer.status == 0:
            connection = "a kept connection" if answer.kept else "a new connection"
            self.wrong[f"lost on {connection} ({answer.lost})"] += 1
        elif not answer.echoed:
            self.wrong[f"{answer.status} with another request's id, or none"] += 1
        elif answer.status == 503:
            if not answer.retry_after:
                self.wrong["503 without Retry-After"] += 1
        elif answer.status not in picture.statuses:
            self.wrong[f"{answer.status} to {picture.name}"] += 1

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
            print(f"  {status or 'no answer'}: {len(self.seconds[status])}, p50 {p50:.1f} ms, p99 {p99:.1f} ms")
        for what, count in self.wrong.most_common():
            print(f"  WRONG: {what}: {count} times")


class Pool:
    """Connections that are kept; the one used last is used first."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.idle: list[Connection] = []

    async def ask(self, picture: Picture) -> None:
        connection = self.idle.pop() if self.idle else Connection(PORT, PATIENCE)
        try:
            if not connection.usable:
                await connection.open()
        except RefusedError:
            self.tally.refused_connections += 1
            self.tally.wrong["connection refused"] += 1
            return
        self.tally.add(picture, await connection.ask(picture))
        if connection.usable:
            self.idle.append(connection)

    async def close(self) -> None:
        doubled = await asyncio.gather(*(connection.surplus() for connection in self.idle))
        if any(doubled):
            self.tally.wrong["more bytes than were asked for: answered twice"] += sum(doubled)
        for connection in self.idle:
            connection.close()


async def closed_loop(pictures: list[Picture], connections: int, seconds: float) -> tuple[Tally, float]:
    """Each connection asks again as soon as it is answered. Gives the answers a second, too."""
    tally = Tally()
    pool = Pool(tally)
    started = time.perf_counter()

    async def work(first: int) -> None:
        i = first
        while time.perf_counter() - started < seconds:
            await pool.ask(pictures[i % len(pictures)])
            i += 1

    await asyncio.gather(*(work(i) for i in range(connections)))
    rate = tally.count() / (time.perf_counter() - started)
    await pool.close()
    return tally, rate


async def open_loop(pictures: list[Picture], rate: float, seconds: float) -> tuple[Tally, list[float]]:
    """So many a second, whatever the answers do. Gives how late each was sent, too, in seconds."""
    tally = Tally()
    pool = Pool(tally)
    late, tasks = [], set()
    started = time.perf_counter()
    for i in range(int(rate * seconds)):
        due = started + i / rate
        while (ahead := due - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        late.append(time.perf_counter() - due)
        task = asyncio.create_task(pool.ask(pictures[i % len(pictures)]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        if late[-1] > 0.005:
            # Behind already: let the answers in, all the same.
            await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    await pool.close()
    return tally, late
