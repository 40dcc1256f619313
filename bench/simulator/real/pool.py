"""Kept connections to one local server, and load over them in a closed loop."""

from __future__ import annotations

import asyncio
import time

from client import Connection, ImageFile, RefusedError

TIMEOUT = 120.0


class Pool:
    """Takes the connection that was used last, or makes one."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.idle: list[Connection] = []

    async def post(self, image: ImageFile) -> int:
        """Returns the status; 0 if the server is not there, or has closed the connection without a response."""
        connection = self.idle.pop() if self.idle else Connection(self.port, TIMEOUT)
        try:
            if not connection.usable:
                await connection.open()
        except RefusedError:
            return 0
        response = await connection.send(image)
        if connection.usable:
            self.idle.append(connection)
        return response.status

    def close(self) -> None:
        while self.idle:
            self.idle.pop().close()


async def rate(port: int, image: ImageFile, connections: int, seconds: float) -> float:
    """Returns the responses per second when so many connections send one request after the other."""
    pool, answered = Pool(port), 0
    end = time.perf_counter() + seconds

    async def work() -> None:
        nonlocal answered
        while time.perf_counter() < end:
            ok = await pool.post(image) == 200
            answered += ok  # not in one line: the sum from before the wait would be written back

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    pool.close()
    return answered / (time.perf_counter() - began)
