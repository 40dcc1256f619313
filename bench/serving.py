"""Measures the limit, Glimpse and its peers, one after the other on the same cores; serving.sh starts it."""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import report
from measurement import ROUNDS, Photo, check, limit, wrk
from PIL import Image
from running import answers, running, stop_on_sigterm
from servers import HOME, JAVA, PEERS, ROOT, Server, Variant, servers

sys.path.insert(0, str(PEERS))
from recipe import Onnx

# The names of --photos, and what is made of --photo for each: the size (None: its own) and how it is written.
PHOTOS = {
    "small": None,
    "large": ((4032, 3024), {"format": "JPEG", "quality": 90}),
    "huge": ((8160, 6144), {"format": "JPEG", "quality": 90}),
    "png": (None, {"format": "PNG"}),
    "webp": (None, {"format": "WEBP", "quality": 90}),
}
# The longest measurement in seconds, even where ROUNDS would need more.
LONGEST = 15


def options() -> argparse.Namespace:
    assets = next((f for f in (ROOT / "shared/assets", ROOT.parent / "shared/assets") if f.is_dir()), Path("assets"))
    parser = argparse.ArgumentParser(prog="bench/serving.sh", description=__doc__)
    names = ["limit", *(s.name for s in servers())]
    parser.add_argument("--servers", default=",".join(names), help="of: %(default)s")
    parser.add_argument("--models", default="mobilenet-v2,mobilenet-v1-0.25-128,flowers", help="default: %(default)s")
    parser.add_argument("--models-path", type=Path, default=assets / "models", help="the folder that has them, except for flowers")
    photo = assets / "photos/imagenet/0655.jpg"
    parser.add_argument("--photo", type=Path, default=photo, help="a JPEG; default: the median of the ImageNet photos")
    parser.add_argument("--large", type=Path, help="a JPEG of 12 megapixels; default: made of --photo")
    parser.add_argument("--photos", default="small,large", help=f"of: {','.join(PHOTOS)}; default: %(default)s")
    parser.add_argument("--concurrency", default="1,8,64,256", help="default: %(default)s")
    parser.add_argument("--seconds", type=int, default=5, help="per measurement; default: %(default)s")
    parser.add_argument("--trial", type=int, default=3, help="seconds for each variant of a peer, 0: use the last")
    parser.add_argument("--warm-up", type=int, help="seconds; default: 30 for the JVM, 3 for the others")
    parser.add_argument("--cores", default="0,1", help="for servers and wrk together; default: %(default)s")
    parser.add_argument("--out", type=Path, default=HOME / "results", help="default: target/serving/results")
    return parser.parse_args()


def photos(args: argparse.Namespace) -> list[Photo]:
    chosen = []
    for kind in args.photos.split(","):
        file = {"small": args.photo, "large": args.large}.get(kind)
        if not file:
            size, written = PHOTOS[kind]
            file = HOME / f"{kind}.{written['format'].lower()}"
            with Image.open(args.photo) as image:
                picture = image.convert("RGB")
                (picture.resize(size, Image.Resampling.BICUBIC) if size else picture).save(file, **written)
        with Image.open(file) as image:
            words = f"{image.width}×{image.height}" + (f", {image.format}" if kind in ("png", "webp") else "")
            chosen.append(Photo(words, file, kind))
    return chosen


def folder(name: str, args: argparse.Namespace) -> Path:
    return ROOT / "models/flowers/1" if name == "flowers" else args.models_path / name


def best(server: Server, name: str, model: Path, photo: Photo, seconds: int) -> tuple[Variant, list[dict]]:
    """Returns the fastest variant at concurrency 8, and the rates of all."""
    if len(server.variants) == 1 or not seconds:
        return server.variants[-1], []
    tried = []
    for variant in server.variants:
        with running(variant, name, model, photo.path.read_bytes(), {}) as (pid, _):
            wrk(variant, photo, 8, 1, pid)
            rate = wrk(variant, photo, 8, seconds, pid)["rate"]
        tried.append({"server": server.name, "variant": variant.words, "rate": rate})
        print(f"#   {variant.words}: {rate:.1f}/s", flush=True)
    fastest = max(range(len(tried)), key=lambda i: tried[i]["rate"])
    return server.variants[fastest], tried


def measure(
    server: Server, variant: Variant, name: str, model: Path, images: list[Photo], args, left_out: list[str]
) -> list[dict]:
    cells = []
    images = [p for p in images if p.large or not server.large_only]
    levels = [int(c) for c in args.concurrency.split(",")]
    first = images[0].path.read_bytes()
    reference = Onnx(str(model))
    with running(variant, name, model, first, {}) as (pid, seconds_to_first):
        for photo in images:
            data = photo.path.read_bytes()
            wrong = check(answers(variant, data, 60), reference.classify(data))
            if wrong:
                print(f"#   {photo.name} is left out: {server.name} {wrong}", flush=True)
                left_out.append(f"{server.title}, {name}, {photo.name}: {wrong}")
                continue
            bodies = ["raw", "multipart"] if server.multipart and photo.kind == "small" else ["raw"]
            for body in bodies:
                wrk(variant, photo, 8, server.warm_up if args.warm_up is None else args.warm_up, pid, body)
            rate = 0.0
            for concurrency in [c for c in levels if c <= 8 or not server.large_only]:
                seconds = args.seconds if not rate else max(args.seconds, int(ROUNDS * concurrency / rate) + 1)
                seconds = min(seconds, max(LONGEST, args.seconds))
                for body in bodies:
                    cell = wrk(variant, photo, concurrency, seconds, pid, body)
                    cells.append(cell | {"server": server.name, "start_seconds": seconds_to_first})
                    print(report.line(cells[-1]), flush=True)
                    rate = cell["rate"]
    return cells


def machine() -> dict:
    cpu = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    java = subprocess.run([JAVA, "-version"], check=False, capture_output=True, text=True).stderr.splitlines()[0]
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cpu": cpu.partition(":")[2].strip(),
        "cores": len(os.sched_getaffinity(0)),
        "java": java,
        "python": platform.python_version(),
    }


def main() -> None:
    args = options()
    stop_on_sigterm()
    # Whatever is started from here on stays on these.
    os.sched_setaffinity(0, {int(core) for core in args.cores.split(",")})
    args.out.mkdir(parents=True, exist_ok=True)
    chosen = args.servers.split(",")
    images = photos(args)
    kept: dict[str, Variant] = {}
    results = {"machine": machine(), "variants": {}, "tried": [], "cells": [], "left_out": []}

    def add(name: str, cells: list[dict]) -> None:
        results["cells"] += [cell | {"model": name} for cell in cells]
        (args.out / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False))

    def attempt(server: Server, name: str, model: Path) -> None:
        if server.large_only and not any(photo.large for photo in images):
            return
        print(f"# {name}: {server.title}", flush=True)
        try:
            if server.name not in kept:
                trial = next(p for p in images if p.large or not server.large_only)
                kept[server.name], tried = best(server, name, model, trial, args.trial)
                results["tried"] += tried
                results["variants"][server.name] = kept[server.name].words
            cells = measure(server, kept[server.name], name, model, images, args, results["left_out"])
            add(name, cells)
        except (RuntimeError, subprocess.SubprocessError, StopIteration) as e:
            print(f"#   left out: {e}", flush=True)
            results["left_out"].append(f"{server.title}, {name}: {str(e).splitlines()[0]}")

    present = []
    for server in servers():
        if server.name in chosen and server.needs.exists():
            present.append(server)
        elif server.name in chosen:
            print(f"# {server.title} is left out: it is not built or did not install", flush=True)
            results["left_out"].append(f"{server.title}: not built or not installed")
    ours = [s for s in present if s.name.startswith("glimpse")]
    for name in args.models.split(","):
        model = folder(name, args)
        if not (model / "model.onnx").exists():
            results["left_out"].append(f"{name}: not there")
            continue
        for server in [None, *ours, None, *(s for s in present if s not in ours)]:
            if server is not None:
                attempt(server, name, model)
            elif "limit" in chosen:
                # Before and after Glimpse, as machines get slower and faster.
                cells = limit(model, images, args.seconds)
                for cell in cells:
                    print(f"# {name}: {cell['what']} {cell['photo']} {cell['rate']:.1f}/s", flush=True)
                add(name, cells)
    report.write(results, {s.name: s.title for s in servers()}, args.out)


if __name__ == "__main__":
    main()
