"""HTTP/1.1 as plain as it can be, so that what is lost, and on what connection, is seen.

A library would send a request again, quietly, when a kept connection turns out to be closed. This one tells.
"""

import asyncio
import time
import uuid
from dataclasses import dataclass, field


class RefusedError(Exception):
    """No connection was made, so no request was sent."""


@dataclass(frozen=True)
class Answer:
    """Of one request. `status` is 0 if no whole answer came, and then `lost` says what came instead."""

    status: int
    seconds: float
    kept: bool
    echoed: bool = False
    retry_after: bool = False
    lost: str = ""


@dataclass(frozen=True)
class Picture:
    name: str
    body: bytes
    content_type: str = "image/jpeg"
    statuses: frozenset[int] = field(default_factory=lambda: frozenset({200}))


class Connection:
    """One connection, for one request at a time."""

    def __init__(self, port: int, timeout: float) -> None:
        self.port = port
        self.timeout = timeout
        self.asked = 0
        self.usable = False

    async def open(self) -> None:
        try:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError as e:
            raise RefusedError from e
        self.usable = True

    async def ask(self, picture: Picture, path: str = "/predict") -> Answer:
        """Sends a request with an id of its own, and reads the answer, which must have the same id in it."""
        identity = str(uuid.uuid4())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-ID: {identity}\r\n"
            f"Content-Type: {picture.content_type}\r\nContent-Length: {len(picture.body)}\r\n\r\n"
        )
        kept, self.asked = self.asked > 0, self.asked + 1
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self.timeout):
                # Not awaited: an early answer is read while the body is still on its way.
                self.writer.write(head.encode() + picture.body)
                status, fields, body = await self.read()
        except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError) as e:
            self.close()
            return Answer(0, time.perf_counter() - started, kept, lost=f"{type(e).__name__}")
        took = time.perf_counter() - started
        if fields.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, took, kept, f'"{identity}"'.encode() in body, "retry-after" in fields)

    async def read(self) -> tuple[int, dict[str, str], bytes]:
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        body = await self.reader.readexactly(int(fields["content-length"]))
        return status, fields, body

    async def surplus(self) -> bool:
        """Whether there is more to read than was asked for: an answer given twice."""
        if not self.usable:
            return False
        try:
            async with asyncio.timeout(0.05):
                return bool(await self.reader.read(1))
        except (TimeoutError, OSError):
            return False

    def close(self) -> None:
        self.usable = False
        self.writer.close()
