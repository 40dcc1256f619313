"""Measures a server under wrk, or the limit, once; checks that a server returns the right result."""

import json
import os
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

import processes
from PIL import Image
from running import PORT
from servers import JAVA, ROOT, Variant

WRK_TIMEOUT = "120s"
# The least number of responses per connection in a measurement.
ROUNDS = 2
# The scales, in eighths of a JPEG's size, that TurboJpegDecoder uses.
CHEAPER = 1, 2, 4
# How far a score may be from Pillow's and ONNX Runtime's: sharp and scaled decoding yield other pixels.
TOLERANCE = 0.1


@dataclass(frozen=True)
class Photo:
    """An image file; `kind` is one of serving.py's names for them."""

    name: str
    path: Path
    kind: str = "small"

    @property
    def large(self) -> bool:
        return self.kind in ("large", "huge")

    @property
    def media_type(self) -> str:
        return f"image/{self.kind}" if self.kind in ("png", "webp") else "image/jpeg"


def wrk(variant: Variant, photo: Photo, concurrency: int, seconds: int, pid: int, body: str = "raw") -> dict:
    """One measurement, with what the server used for it."""
    processes.wait_until_idle(pid)
    before = processes.cpu_seconds(processes.tree(pid))
    command = ["wrk", "-t1", f"-c{concurrency}", f"-d{seconds}s", "--timeout", WRK_TIMEOUT]
    command += ["-s", str(ROOT / "bench/post.lua"), f"http://127.0.0.1:{PORT}{variant.path}"]
    headers = "\n".join(f"{name}: {value}" for name, value in variant.headers.items())
    request = {"PHOTO": str(photo.path), "BODY": body, "MEDIA_TYPE": photo.media_type, "HEADERS": headers}
    load = subprocess.Popen(command, env=os.environ | request, stdout=subprocess.PIPE, text=True)
    usages = []
    finished = threading.Event()

    def watch() -> None:
        while not finished.wait(0.5):
            usages.append(processes.usage(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        output = load.communicate(timeout=seconds + 150)[0]
        cpu = processes.cpu_seconds(processes.tree(pid)) - before
    finally:
        load.kill()
        finished.set()
        watcher.join()
    usages.append(processes.usage(pid))
    line = next(line for line in output.splitlines() if line.startswith("COUNTS"))
    took, answered, refused, lost, p50, p99 = (float(part) for part in line.split()[1:])
    good = answered - refused
    return {
        "photo": photo.name,
        "kind": photo.kind,
        "body": body,
        "concurrency": concurrency,
        "rate": good / took,
        "p50_ms": p50,
        "p99_ms": p99,
        "errors": int(refused + lost),
        "cpu_seconds_a_request": cpu / good if good else None,
        "rss_mib": max(u.rss_mib for u in usages),
        "pss_mib": max(u.pss_mib for u in usages),
        # Those with a latency beyond the measurement's end are not seen by wrk.
        "short": good < ROUNDS * concurrency,
    }


def limit(model: Path, images: list[Photo], seconds: int) -> list[dict]:
    edge = json.loads((model / "preprocessor_config.json").read_text())["size"]["shortest_edge"]
    """The rates of both CPUs that only infer, and that only decode (by libjpeg-turbo: JPEGs only) and infer."""
    arguments, cells = [], [{"photo": "", "kind": "", "what": "inference"}]
    for photo in (p for p in images if p.media_type == "image/jpeg"):
        with Image.open(photo.path) as image:
            # The same as Preprocessor.scaleNeeded and TurboJpegDecoder.
            scale = 4 * edge / min(image.size)
        scaled = next((eighths for eighths in CHEAPER if eighths >= scale * 8), 8)
        for eighths in [8] if scaled == 8 else [8, scaled]:
            what = "decode+inference" if eighths == 8 else f"decode at {eighths}/8+inference"
            arguments += [str(photo.path), str(eighths)]
            cells.append({"photo": photo.name, "kind": photo.kind, "what": what})
    jars = str(ROOT / "target/quarkus-app/lib/main/*")
    command = [JAVA, "-cp", jars, str(ROOT / "bench/Limit.java"), str(model / "model.onnx"), str(seconds), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    rates = [float(line.split()[-1]) for line in done.stdout.splitlines()]
    return [cell | {"server": "limit", "concurrency": 0, "rate": rate} for cell, rate in zip(cells, rates, strict=True)]


def check(answer: dict | None, expected: dict) -> str:
    """Compares a response with Pillow's and ONNX Runtime's result; returns the difference in words, or nothing ("")."""
    if not answer:
        return "returned no result"
    got, want = answer["predictions"][0], expected["predictions"][0]
    if got["label"] != want["label"] or abs(got["score"] - want["score"]) > TOLERANCE:
        return f"returned {got['label']} {got['score']:.3f} instead of {want['label']} {want['score']:.3f}"
    return ""
