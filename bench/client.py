"""A minimal HTTP/1.1 client that reports each lost request and the connection it was lost on.

A library would silently retry a request when a kept connection turns out to be closed. This client reports it.
"""

import asyncio
import time
import uuid
from dataclasses import dataclass, field


class RefusedError(Exception):
    """No connection was made, so no request was sent."""


@dataclass(frozen=True)
class Response:
    """The response to one request. `status` is 0 if no complete response came, and then `lost` names the error."""

    status: int
    seconds: float
    kept: bool
    echoed: bool = False
    retry_after: bool = False
    lost: str = ""


@dataclass(frozen=True)
class ImageFile:
    name: str
    body: bytes
    content_type: str = "image/jpeg"
    statuses: frozenset[int] = field(default_factory=lambda: frozenset({200}))


class Connection:
    """One connection, for one request at a time."""

    def __init__(self, port: int, timeout: float) -> None:
        self.port = port
        self.timeout = timeout
        self.sent = 0
        self.usable = False

    async def open(self) -> None:
        try:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError as e:
            raise RefusedError from e
        self.usable = True

    async def send(self, image: ImageFile, path: str = "/predict") -> Response:
        """Sends a request with a unique id, and reads the response, which must contain the same id."""
        identity = str(uuid.uuid4())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-ID: {identity}\r\n"
            f"Content-Type: {image.content_type}\r\nContent-Length: {len(image.body)}\r\n\r\n"
        )
        kept, self.sent = self.sent > 0, self.sent + 1
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self.timeout):
                # Not awaited: an early response is read while the body is still being sent.
                self.writer.write(head.encode())
                self.writer.write(image.body)
                status, fields, body = await self.read()
        except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError) as e:
            self.close()
            return Response(0, time.perf_counter() - started, kept, lost=f"{type(e).__name__}")
        took = time.perf_counter() - started
        if fields.get("connection", "").lower() == "close":
            self.close()
        return Response(status, took, kept, f'"{identity}"'.encode() in body, "retry-after" in fields)

    async def read(self) -> tuple[int, dict[str, str], bytes]:
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        body = await self.reader.readexactly(int(fields["content-length"]))
        return status, fields, body

    async def surplus(self) -> bool:
        """Returns whether there is more to read than the response: a request that was answered twice."""
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
