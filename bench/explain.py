#!/usr/bin/env python3
"""Times /predict, /embed and each method of /explain, one request at a time, and all beside /predict under load.

A service with default settings has to run (--url). Needs nothing but Python. Each row is the median of --times requests, after one that is
not counted; the first /explain of the model, which opens its graph once more, has a row of its own.
"""

import argparse
import http.client
import statistics
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", type=Path, help="a JPEG")
    parser.add_argument("--url", default="http://localhost:8080", help="default: %(default)s")
    parser.add_argument("--model", help="default: the service's")
    parser.add_argument("--times", type=int, default=20, help="default: %(default)s; of methods with masks a fifth")
    parser.add_argument("--seconds", type=float, default=10, help="for /predict beside explanations; default: %(default)s")
    return parser.parse_args()


class Client:
    """One connection, which is kept."""

    def __init__(self, args: argparse.Namespace):
        url = urlsplit(args.url)
        self.connection = http.client.HTTPConnection(url.hostname, url.port, timeout=120)
        self.photo = args.photo.read_bytes()
        self.model = f"model={args.model}" if args.model else ""

    def post(self, path: str) -> float:
        """The milliseconds that a request takes."""
        started = time.perf_counter()
        self.connection.request("POST", f"{path}{'&' if '?' in path else '?'}{self.model}", self.photo, {"Content-Type": "image/jpeg"})
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(f"{path}: {response.status} {body[:500].decode()}")
        return (time.perf_counter() - started) * 1000


def row(name: str, client: Client, path: str, times: int) -> None:
    client.post(path)
    taken = sorted(client.post(path) for _ in range(times))
    print(f"| {name} | {statistics.median(taken):.1f} | {taken[-1]:.1f} |", flush=True)


def beside(args: argparse.Namespace, path: str | None) -> tuple[int, float]:
    """How many /predict one client gets, and their 99th percentile, while two others send explanations."""
    end = time.monotonic() + args.seconds

    def load() -> None:
        client = Client(args)
        while time.monotonic() < end:
            client.post(path)

    others = [threading.Thread(target=load) for _ in range(2 if path else 0)]
    for other in others:
        other.start()
    client = Client(args)
    taken = []
    while time.monotonic() < end:
        taken.append(client.post("/predict"))
    for other in others:
        other.join()
    return len(taken), sorted(taken)[int(len(taken) * 0.99)]


def main() -> None:
    args = options()
    client = Client(args)
    print("| request | median, ms | longest, ms |\n|---|---:|---:|")
    row("/predict", client, "/predict", args.times)
    print(f"| the first /explain | {client.post('/explain?method=auto'):.1f} | |", flush=True)
    row("/embed", client, "/embed", args.times)
    row("/explain?method=auto", client, "/explain?method=auto", args.times)
    row("/explain?method=auto&format=png", client, "/explain?method=auto&format=png", args.times)
    for method in "occlusion", "rise":
        row(f"/explain?method={method}", client, f"/explain?method={method}", max(2, args.times // 5))
    print("\n| one client of /predict, beside two of | responses/s | 99 %, ms |\n|---|---:|---:|")
    for name, path in (("none", None), ("/explain?method=auto", "/explain?method=auto"), ("/explain?method=rise", "/explain?method=rise")):
        count, slow = beside(args, path)
        print(f"| {name} | {count / args.seconds:.1f} | {slow:.1f} |", flush=True)


if __name__ == "__main__":
    main()
