#!/usr/bin/env python3
"""Measures /predict/live beside /predict at full load: the rates of both, how old a live answer's frame is, and the service's memory.

Two live clients send frames of 640×480 at 30 a second, and four connections post the photo to /predict as fast as they get responses.
Before that, /predict runs alone. A service with default settings has to run (--url); --pid is its process. Needs Pillow and websockets.
"""

import argparse
import asyncio
import http.client
import io
import json
import os
import statistics
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import websockets
from PIL import Image

FRAME_SECONDS = 1 / 30
SIZE = (640, 480)
CAMERAS, POSTERS = 2, 4


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", type=Path, help="a JPEG")
    parser.add_argument("--url", default="http://localhost:8080", help="default: %(default)s")
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=600, help="default: %(default)s")
    parser.add_argument("--alone", type=float, default=10, help="seconds of /predict alone; default: %(default)s")
    return parser.parse_args()


def rss(pid: int) -> float:
    """Megabytes of a process that are in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass
class Posted:
    """What /predict did, in milliseconds: how long each request took, and each inference of them."""

    waits: list[float] = field(default_factory=list)
    inferences: list[float] = field(default_factory=list)
    failures: int = 0


def post(args: argparse.Namespace, end: float, posted: Posted) -> None:
    url = urlsplit(args.url)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
    photo = args.photo.read_bytes()
    while time.monotonic() < end:
        started = time.monotonic()
        connection.request("POST", "/predict", photo, {"Content-Type": "image/jpeg"})
        response = connection.getresponse()
        body = response.read()
        if response.status == 200:
            posted.waits.append((time.monotonic() - started) * 1000)
            timing = json.loads(body)["timing"]
            posted.inferences.append(sum(timing[step] for step in ("decode_ms", "preprocess_ms", "inference_ms")))
        else:
            posted.failures += 1


def posting(args: argparse.Namespace, end: float) -> tuple[Posted, list[threading.Thread]]:
    posted = Posted()
    threads = [threading.Thread(target=post, args=(args, end, posted)) for _ in range(POSTERS)]
    for thread in threads:
        thread.start()
    return posted, threads


def frames(photo: Path) -> list[bytes]:
    """JPEGs of a camera's size, each a little different."""
    with Image.open(photo) as opened:
        image = opened.convert("RGB").resize(SIZE)
    made = []
    for shift in range(30):
        target = io.BytesIO()
        image.transform(SIZE, Image.Transform.AFFINE, (1, 0, shift, 0, 1, shift)).save(target, "JPEG", quality=85)
        made.append(target.getvalue())
    return made


@dataclass
class Seen:
    """What one live client got: the milliseconds from the sending of a frame to its answer, and what was skipped."""

    ages: list[float] = field(default_factory=list)
    inferences: list[float] = field(default_factory=list)
    skipped: int = 0
    problems: int = 0


async def camera(url: str, images: list[bytes], end: float, seen: Seen) -> None:
    sent: list[float] = []
    async with websockets.connect(url.replace("http", "ws", 1) + "/predict/live", subprotocols=["glimpse.live"]) as socket:

        async def read() -> None:
            async for text in socket:
                answer = json.loads(text)
                seen.skipped += answer["skipped"]
                if "problem" in answer:
                    seen.problems += 1
                    continue
                seen.ages.append((time.monotonic() - sent[answer["frame"]]) * 1000)
                timing = answer["timing"]
                seen.inferences.append(sum(timing[step] for step in ("decode_ms", "preprocess_ms", "inference_ms")))

        reading = asyncio.create_task(read())
        due = time.monotonic()
        while due < end:
            sent.append(time.monotonic())
            await socket.send(images[len(sent) % len(images)])
            due += FRAME_SECONDS
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        await asyncio.sleep(1)
    await reading


def share(values: list[float], part: float) -> float:
    return sorted(values)[int(len(values) * part)] if values else float("nan")


def timings(values: list[float]) -> str:
    return f"p50 {share(values, 0.5):.0f}, p99 {share(values, 0.99):.0f}, longest {max(values, default=float('nan')):.0f} ms"


async def beside(args: argparse.Namespace) -> None:
    end = time.monotonic() + args.seconds
    posted, threads = posting(args, end)
    images = frames(args.photo)
    seen = [Seen() for _ in range(CAMERAS)]
    cameras = [asyncio.create_task(camera(args.url, images, end, each)) for each in seen]
    memory = []
    while time.monotonic() < end:
        await asyncio.sleep(min(10, args.seconds / 10))
        memory.append(rss(args.pid))
    await asyncio.gather(*cameras)
    for thread in threads:
        thread.join()
    rate = len(posted.waits) / args.seconds
    print(f"/predict beside: {rate:.1f}/s, {timings(posted.waits)}, {posted.failures} failed")
    for each in seen:
        bound = 2 * statistics.median(each.inferences) + FRAME_SECONDS * 1000
        within = sum(age <= bound for age in each.ages) / len(each.ages)
        print(f"live: {len(each.ages) / args.seconds:.1f}/s, age of an answer's frame {timings(each.ages)}; an inference "
              f"{timings(each.inferences)}; {within:.1%} within {bound:.0f} ms; {each.skipped} skipped, {each.problems} problems")
    print("RSS, MB: " + " ".join(f"{value:.0f}" for value in memory))


def main() -> None:
    args = options()
    posted, threads = posting(args, time.monotonic() + args.alone)
    for thread in threads:
        thread.join()
    print(f"/predict alone: {len(posted.waits) / args.alone:.1f}/s, {timings(posted.waits)}, an inference {timings(posted.inferences)}",
          flush=True)
    asyncio.run(beside(args))


if __name__ == "__main__":
    main()
