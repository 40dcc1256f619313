#!/usr/bin/env python3
"""Measures what wrk cannot: overload, a long run, and restarts under load. Starts the service itself, on its own port.

    bench/load.py overload      four times its capacity, for a minute
    bench/load.py soak          good and bad images at 80 % of its capacity, for ten minutes
    bench/load.py restart       SIGTERM under full load, twenty times
    bench/load.py jobs          half of its capacity, with requests that are answered later behind, and without, in turn

With --phone the images are like a phone's: 12 megapixels, 5 MB. The soak then sends as many small ones.

Each request has a unique id, and its response must have the same id. Exits with 1 if a request was lost, answered twice
or answered wrongly. Needs only the jar and Python 3.11.
"""

import argparse
import asyncio
import csv
import os
import resource
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import processes
from client import Connection, ImageFile, RefusedError
from loops import TIMEOUT, Tally, closed_loop, open_loop
from images import bad_images, mixed
from phone import photo as phone_photo
from running import PORT, running, stop_on_sigterm
from servers import HOME, ROOT, Variant, servers

WARM_UP = 10
MOST_RATIO = 1.3


def memory(pid: int) -> str:
    now = processes.usage(pid)
    return f"RSS {now.rss_mib:.0f} MiB, {now.threads} threads, {now.files} file descriptors"


def p99(seconds: list[float]) -> float:
    """In milliseconds."""
    return sorted(seconds)[int(0.99 * len(seconds))] * 1000


async def capacity(images: list[ImageFile], args: argparse.Namespace) -> float:
    await closed_loop(images, 8, WARM_UP)
    rate = (await closed_loop(images, 8, 10))[1]
    print(f"capacity at 8 connections, with this load generator: {rate:.1f}/s", flush=True)
    return args.rate or rate


async def overload(pid: int, images: list[ImageFile], args: argparse.Namespace) -> Tally:
    rate = await capacity(images, args)
    processes.wait_until_idle(pid)
    print(f"before: {memory(pid)}")
    started = time.perf_counter()
    tally, late = await open_loop(images, 4 * rate, args.seconds or 60)
    sent = len(late) / (time.perf_counter() - started)
    print(f"planned {4 * rate:.0f}/s, sent {sent:.0f}/s; p99 of lateness {p99(late):.0f} ms")
    tally.show("overload")
    print(f"just after: {memory(pid)}")
    processes.wait_until_idle(pid)
    await asyncio.sleep(5)
    print(f"after 5 s of rest: {memory(pid)}")
    after, _ = await closed_loop(images, 8, 3)
    after.show("at 8 connections again")
    tally.wrong.update(after.wrong)
    return tally


async def soak(pid: int, images: list[ImageFile], args: argparse.Namespace) -> Tally:
    images = mixed(images, bad_images(images[-1].body))
    rate = 0.8 * await capacity(images, args)
    seconds = args.seconds or 600
    samples: list[processes.Usage] = []

    async def sample() -> None:
        with (HOME / "soak.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["second", "rss_mib", "threads", "files"])
            while True:
                now = processes.usage(pid)
                samples.append(now)
                rows.writerow([(len(samples) - 1) * args.every, f"{now.rss_mib:.1f}", now.threads, now.files])
                file.flush()
                print(f"  {(len(samples) - 1) * args.every:4} s: {memory(pid)}", flush=True)
                await asyncio.sleep(args.every)

    sampling = asyncio.create_task(sample())
    tally, late = await open_loop(images, rate, seconds)
    sampling.cancel()
    print(f"{rate:.1f}/s; p99 of lateness {p99(late):.0f} ms")
    tally.show("soak")
    sixth = max(1, len(samples) // 6)
    for what in "rss_mib", "threads", "files":
        values = [getattr(s, what) for s in samples]
        first, last = (sum(part) / len(part) for part in (values[sixth : 2 * sixth] or values, values[-sixth:]))
        print(f"  {what}: {first:.0f} in the second sixth, {last:.0f} in the last")
    return tally


def post_job(images: int, photo: bytes) -> str | None:
    """Sends a batch to be answered later; returns where its result will be, or None if there is no room for it."""
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n' + photo + b"\r\n"
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/predict/batch",
        part * images + b"--x--\r\n",
        {"Content-Type": "multipart/form-data; boundary=x", "Prefer": "respond-async"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            return response.headers["Location"]
    except urllib.error.HTTPError as e:
        if e.code == 503:
            return None
        raise


def is_pending(location: str) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{location}", timeout=TIMEOUT) as response:
        return response.status == 202


class Backlog:
    """Keeps two jobs in the service, so that it always has images to work on behind live requests."""

    def __init__(self, images: int, photo: bytes) -> None:
        self.images, self.photo = images, photo
        self.pending: list[str] = []
        self.done = 0

    def settle(self) -> None:
        left = [location for location in self.pending if is_pending(location)]
        self.done += len(self.pending) - len(left)
        self.pending = left

    async def keep(self) -> None:
        while True:
            await asyncio.to_thread(self.settle)
            while len(self.pending) < 2 and (location := await asyncio.to_thread(post_job, self.images, self.photo)):
                self.pending.append(location)
            await asyncio.sleep(0.25)

    async def empty(self) -> None:
        while self.pending:
            await asyncio.to_thread(self.settle)
            await asyncio.sleep(0.25)


async def jobs(_: int, images: list[ImageFile], args: argparse.Namespace) -> Tally:
    """Measures live requests in rounds, each without jobs and with them."""
    rate = args.share * await capacity(images, args)
    seconds = (args.seconds or 240) / (2 * args.rounds)
    without, beside = Tally(), Tally()
    backlog = Backlog(args.images, images[0].body)
    for _round in range(args.rounds):
        tally, late = await open_loop(images, rate, seconds)
        without.merge(tally)
        feeding = asyncio.create_task(backlog.keep())
        while not backlog.pending:
            await asyncio.sleep(0.05)
        tally, late_beside = await open_loop(images, rate, seconds)
        beside.merge(tally)
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
        await backlog.empty()
        print(f"  p99 of lateness {p99(late):.0f} ms and {p99(late_beside):.0f} ms", flush=True)
    without.show(f"{rate:.1f}/s without jobs")
    beside.show(f"{rate:.1f}/s with jobs, of which {backlog.done} of {args.images} images each were done")
    ratio = beside.percentile(200, 0.99) / without.percentile(200, 0.99)
    print(f"p99 with jobs / without: {ratio:.2f}, at most {MOST_RATIO}")
    if not ratio <= MOST_RATIO:
        beside.wrong[f"p99 is {ratio:.2f} times that without jobs"] += 1
    if not backlog.done:
        beside.wrong["no job was done"] += 1
    beside.wrong.update(without.wrong)
    return beside


async def restart(
    pid: int, image: ImageFile, args: argparse.Namespace, alive: Callable[[], list[int]]
) -> tuple[Tally, float, list[float]]:
    """Sends SIGTERM under full load, and goes on until connections are refused.

    Also returns how long after SIGTERM the service exited, and how long after it each lost request was detected.
    """
    tally = Tally()
    gone = asyncio.Event()
    lost = []

    async def work() -> None:
        connection = Connection(PORT, TIMEOUT)
        while not gone.is_set():
            try:
                if not connection.usable:
                    connection = Connection(PORT, TIMEOUT)
                    await connection.open()
            except RefusedError:
                tally.refused_connections += 1
                return
            response = await connection.send(image)
            tally.add(image, response)
            if response.lost:
                lost.append(time.perf_counter())
        if connection.usable:
            connection.close()

    workers = [asyncio.create_task(work()) for _ in range(args.connections)]
    await asyncio.sleep(2)
    os.kill(pid, signal.SIGTERM)
    signalled = time.perf_counter()
    while alive() and time.perf_counter() - signalled < TIMEOUT:
        await asyncio.sleep(0.01)
    took = time.perf_counter() - signalled
    gone.set()
    await asyncio.gather(*workers)
    return tally, took, [at - signalled for at in lost]


def restarts(variant: Variant, model: Path, image: ImageFile, args: argparse.Namespace) -> Tally:
    total = Tally()
    for i in range(args.times):
        with running(variant, args.model, model, image.body, {}) as (pid, _):
            started = {pid: processes.stat(pid)[19]}
            tally, took, lost = asyncio.run(restart(pid, image, args, lambda: processes.alive(started)))  # noqa: B023
        refused = tally.refused_connections
        print(f"restart {i + 1}: {took:.2f} s from SIGTERM to the exit; {refused} connections refused", flush=True)
        tally.show("  load")
        if lost:
            print(f"  lost from {min(lost):.2f} s to {max(lost):.2f} s after SIGTERM")
        total.wrong.update(tally.wrong)
        for status, times in tally.seconds.items():
            total.seconds[status] += times
    total.show("all restarts")
    return total


def options() -> argparse.Namespace:
    assets = next((f for f in (ROOT / "shared/assets", ROOT.parent / "shared/assets") if f.is_dir()), Path("assets"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", choices=["overload", "soak", "restart", "jobs"])
    parser.add_argument("--server", default="glimpse-jvm", choices=["glimpse-jvm", "glimpse-native"])
    parser.add_argument("--model", default="mobilenet-v2", help="default: %(default)s")
    parser.add_argument("--models-path", type=Path, default=assets / "models", help="the folder that has it, except for flowers")
    parser.add_argument("--photo", type=Path, default=assets / "photos/imagenet/0655.jpg")
    parser.add_argument("--phone", action="store_true", help="send images of 12 megapixels and 5 MB, made here")
    parser.add_argument("--seconds", type=float, help="default: 60 (overload), 600 (soak), 240 (jobs)")
    parser.add_argument("--rate", type=float, help="the capacity in requests per second; default: measured")
    parser.add_argument("--every", type=int, default=10, help="soak: seconds between samples; default: %(default)s")
    parser.add_argument("--times", type=int, default=20, help="restart: how often; default: %(default)s")
    parser.add_argument("--connections", type=int, default=32, help="restart: how many; default: %(default)s")
    parser.add_argument("--share", type=float, default=0.5, help="jobs: of the capacity, for live requests; default: %(default)s")
    parser.add_argument("--rounds", type=int, default=4, help="jobs: each without jobs and with them; default: %(default)s")
    parser.add_argument("--images", type=int, default=20, help="jobs: of each job; default: %(default)s")
    parser.add_argument("--cores", default="0,1", help="for the service and the load together; default: %(default)s")
    return parser.parse_args()


def main() -> None:
    args = options()
    stop_on_sigterm()
    os.sched_setaffinity(0, {int(core) for core in args.cores.split(",")})
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    HOME.mkdir(parents=True, exist_ok=True)
    model = ROOT / "models/flowers/1" if args.model == "flowers" else args.models_path / args.model
    server = next(s for s in servers() if s.name == args.server)
    # With default settings: overload tests the bound of the queue.
    variant = Variant("default settings", server.variants[0].command)
    small = ImageFile(args.photo.name, args.photo.read_bytes())
    image = ImageFile("a phone's photo", phone_photo()) if args.phone else small
    if args.scenario == "restart":
        tally = restarts(variant, model, image, args)
    else:
        scenario = {"overload": overload, "soak": soak, "jobs": jobs}[args.scenario]
        results = {"GLIMPSE_RESULTS_ENABLED": "true"} if args.scenario == "jobs" else {}
        with running(variant, args.model, model, image.body, results) as (pid, _):
            images = [image, small] if args.phone and args.scenario == "soak" else [image]
            tally = asyncio.run(scenario(pid, images, args))
    print("no errors" if not tally.wrong else "ERRORS: see WRONG above")
    sys.exit(1 if tally.wrong else 0)


if __name__ == "__main__":
    main()
