#!/usr/bin/env python3
"""Measures how long others wait while one client attacks: a normal request, and the probe of liveness.

The attacker is a process of its own, with the lowest priority, and the one that measures has the highest that it may
take, so that the waits are the service's and not those of this program. The service runs already; --pid is its process.

    bench/attack.py 8080 --pid $(pgrep -f quarkus-run.jar) --photo photo.jpg http1 http2
"""

import argparse
import contextlib
import http.client
import multiprocessing
import os
import selectors
import socket
import statistics
import struct
import time
from collections import Counter
from pathlib import Path

POST = b"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: 5000\r\n\r\n\xff\xd8abc"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
ATTACKER, OTHER = "127.0.0.2", "127.0.0.3"  # of Linux's loopback, each with ports of its own
DATA, HEADERS, SETTINGS = 0, 1, 4
END_HEADERS = 4


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def literal(text: str) -> bytes:
    return bytes([len(text)]) + text.encode()


def head(**fields: str) -> bytes:
    """A block of headers, none of which is indexed or compressed."""
    return b"".join(b"\0" + literal(name.replace("_", "-").replace("p-", ":")) + literal(value)
                    for name, value in fields.items())


def http2_posts(streams: int) -> bytes:
    """A connection that begins as many posts and sends five bytes of each."""
    fields = head(p_method="POST", p_path="/predict", p_scheme="http", p_authority="a",
                  content_type="image/jpeg", content_length="5000")
    posts = [frame(HEADERS, END_HEADERS, 2 * i + 1, fields) + frame(DATA, 0, 2 * i + 1, b"\xff\xd8abc")
             for i in range(streams)]
    return PREFACE + frame(SETTINGS, 0, 0, b"") + b"".join(posts)


ATTACKS = {"none": (0, b""), "http1": (3000, POST), "http2": (40, http2_posts(100))}


def attack(port: int, kind: str, ends: float) -> None:
    """Opens the attack's connections, sends what belongs to each, and reads what comes; opens closed ones again."""
    os.nice(19)
    connections, content = ATTACKS[kind]
    waiting = selectors.DefaultSelector()
    missing = connections
    while time.monotonic() < ends:
        for _ in range(min(missing, 50)):
            with contextlib.suppress(OSError):
                opened = socket.create_connection(("127.0.0.1", port), 1, (ATTACKER, 0))
                opened.sendall(content)
                opened.setblocking(False)
                waiting.register(opened, selectors.EVENT_READ)
                missing -= 1
        for key, _ in waiting.select(0 if missing else 0.05):
            try:
                if key.fileobj.recv(1 << 16):
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


def run(port: int, pid: int, source: tuple, photo: bytes, kind: str, seconds: float) -> None:
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
    attacker = multiprocessing.Process(target=attack, args=(port, kind, ends))
    attacker.start()
    while time.monotonic() < ends:
        most = max(most, rss(pid))
        time.sleep(0.05)
    normal, live = (summary(*queue.get()) for queue in queues)
    for process in [*processes, attacker]:
        process.join()
    print(f"{kind:5} | normal {normal} ms | live {live} ms | RSS {before:.0f} to {most:.0f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int)
    parser.add_argument("attacks", nargs="+", choices=ATTACKS)
    parser.add_argument("--pid", type=int, required=True, help="the service's process")
    parser.add_argument("--photo", type=Path, required=True, help="the body of normal requests")
    parser.add_argument("--same-address", action="store_true", help="measure from the attacker's address")
    parser.add_argument("--seconds", type=float, default=5, help="of each attack")
    options = parser.parse_args()
    for kind in options.attacks:
        source = (ATTACKER if options.same_address else OTHER, 0)
        run(options.port, options.pid, source, options.photo.read_bytes(), kind, options.seconds)
        time.sleep(1)


if __name__ == "__main__":
    main()
