"""Writes the measurements of serving.py as a table, as CSV, and as ratios with their targets."""

import csv
from dataclasses import dataclass
from pathlib import Path

import curves
from cells import WHOLE, Cells

COLUMNS = (
    "model",
    "photo",
    "server",
    "body",
    "concurrency",
    "rate",
    "p50_ms",
    "p99_ms",
    "errors",
    "cpu_seconds_a_request",
    "rss_mib",
    "pss_mib",
    "start_seconds",
    "short",
    "what",
)
CPU = "cpu_seconds_a_request"
V2, V1 = "mobilenet-v2", "mobilenet-v1-0.25-128"
OTHERS = "fastapi-openvino", "fastapi-torch", "litserve", "bentoml", "triton", "node"


def line(cell: dict) -> str:
    """One measurement, while it runs."""
    name = cell["server"] + (" multipart" if cell["body"] == "multipart" else "")
    return (
        f"  {name:24} {cell['photo']:>13} {cell['concurrency']:>4} connections {cell['rate']:8.1f}/s"
        f"  p50 {cell['p50_ms']:7.1f}  p99 {cell['p99_ms']:7.1f} ms  {cell['errors']} errors"
    )


@dataclass(frozen=True)
class Comparison:
    """One number divided by another, and its target. `by_cpu` is the same ratio of CPU seconds per image, which depends
    less on what else runs on the machine; None if it does not apply."""

    words: str
    ratio: float | None
    target: str
    by_cpu: float | None = None

    def verdict(self) -> str:
        if not self.target or self.ratio is None:
            return ""
        bound = float(self.target[2:])
        met = self.ratio >= bound if self.target[0] == "≥" else self.ratio <= bound
        return "met" if met else "**missed**"


def ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above and below else None


def targets(cells: Cells) -> list[Comparison]:
    """All at concurrency 8; without those that were not measured."""

    def at_8(key: str, model: str, server: str, kind: str = "small", body: str = "raw") -> float | None:
        return cells.value(key, model=model, server=server, kind=kind, body=body, concurrency=8)

    def share(words: str, model: str, server: str, target: str, kind: str = "small", what: str = WHOLE) -> Comparison:
        bound = cells.value(model=model, server="limit", kind=kind, what=what)
        return Comparison(f"{server}, {words}", ratio(at_8("rate", model, server, kind), bound), target)

    def times(words: str, model: str, server: str, other: str, target: str, kind: str = "small") -> Comparison:
        rates = (at_8("rate", model, name, kind) for name in (server, other))
        cpu = (at_8(CPU, model, name, kind) for name in (other, server))
        return Comparison(f"{server}, {words}: times {other}", ratio(*rates), target, ratio(*cpu))

    large = f"{V2}, 12 megapixels"
    whats = (cell.get("what", "") for cell in cells.cells if cell["model"] == V2 and cell["kind"] == "large")
    scaled = next((what for what in whats if what.startswith("decode at")), "")
    rows = []
    for server in "glimpse-jvm", "glimpse-native":
        raw, form = (at_8("rate", V2, server, body=body) for body in ("raw", "multipart"))
        p50, p99 = (at_8(key, V2, server) for key in ("p50_ms", "p99_ms"))
        rows += [
            share(f"{V2}: of the limit", V2, server, "≥ 0.80"),
            share(f"{V1}: of the limit", V1, server, "≥ 0.75"),
            times(V2, V2, server, "fastapi-onnx", "≥ 1.3"),
            times(V1, V1, server, "fastapi-onnx", "≥ 1.3"),
            *(times(V2, V2, server, other, "") for other in OTHERS),
            Comparison(f"{server}, {V2}: multipart, of raw", ratio(form, raw), "≥ 0.95"),
            Comparison(f"{server}, {V2}: p99, of p50", ratio(p99, p50), "≤ 2"),
            times(large, V2, server, "fastapi-onnx", "≥ 5", kind="large"),
            times(large, V2, server, "node", "≥ 1.0", kind="large"),
            share(f"{large}: of the limit at that size", V2, server, "", kind="large", what=scaled),
            times(large, V2, server, "fastapi-onnx-draft", "", kind="large"),
            *(
                times(f"{V2}, {words}", V2, server, other, "", kind=kind)
                for kind, words in (("huge", "50 megapixels"), ("png", "PNG"), ("webp", "WebP"))
                for other in ("fastapi-onnx", "node")
            ),
        ]
    rows += [
        *(times(model, model, "glimpse-native", "glimpse-jvm", "≥ 1.0") for model in (V2, V1)),
        times(f"{large}, decode=exact", V2, "glimpse-jvm-exact", "fastapi-onnx", "", kind="large"),
        share(f"{large}, decode=exact: of the limit", V2, "glimpse-jvm-exact", "", kind="large"),
    ]
    return [row for row in rows if row.ratio is not None]


def ratios(cells: Cells) -> str:
    rows = ["| at 8 connections | ratio | target | | by CPU |", "|---|---:|---:|---|---:|"]
    for row in targets(cells):
        cpu = "" if row.by_cpu is None else f"{row.by_cpu:.2f}"
        rows.append(f"| {row.words} | {row.ratio:.2f} | {row.target} | {row.verdict()} | {cpu} |")
    return "\n".join(rows)


def table(cells: Cells, model: str, photo: str, titles: dict[str, str]) -> str:
    rows = [
        "| | connections | images/s | p50, ms | p99, ms | errors | CPU ms per image | RSS, MiB | PSS, MiB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    bounds = {c["what"]: None for c in cells.cells if c["model"] == model and c["server"] == "limit"}
    for what in bounds:
        place = "" if what == "inference" else photo
        rate = cells.value(model=model, server="limit", what=what, photo=place)
        if rate:
            rows.append(f"| *limit: {what}* | | {rate:.1f} | | | | | | |")
    for cell in cells.cells:
        if cell["model"] == model and cell["photo"] == photo and cell["server"] != "limit":
            title = titles[cell["server"]] + (", multipart" if cell["body"] == "multipart" else "")
            cpu = cell["cpu_seconds_a_request"]
            rows.append(
                f"| {title} | {cell['concurrency']} | {cell['rate']:.1f}{'†' if cell['short'] else ''} "
                f"| {cell['p50_ms']:.1f} | {cell['p99_ms']:.1f} | {cell['errors']} "
                f"| {'' if cpu is None else f'{cpu * 1000:.1f}'} | {cell['rss_mib']:.0f} | {cell['pss_mib']:.0f} |"
            )
    return "\n".join(rows)


def write(results: dict, titles: dict[str, str], out: Path) -> None:
    cells = Cells(results["cells"])
    with (out / "results.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(results["cells"])
    served = [c for c in cells.cells if c["server"] != "limit"]
    models = list(dict.fromkeys(c["model"] for c in cells.cells))
    images = list(dict.fromkeys((c["photo"], c["kind"]) for c in served))
    about = results["machine"]
    cores = f"{about['cores']} cores of {about['cpu']}, for servers and wrk together"
    software = f"{about['java']}; Python {about['python']}"
    text = ["# Serving", f"{about['date']}; {cores}; {software}.", ratios(cells)]
    if len(images) > 1:
        curves.bars(cells, titles, models, [photo for photo, _ in images], out / "photos")
        text.append("![Images a second at 8 connections](photos.svg)")
    for photo, kind in images:
        curves.draw(cells, titles, models, photo, out / f"curves-{kind}")
        text.append(f"![Throughput and latency with {photo}](curves-{kind}.svg)")
        for model in models:
            text += [f"## {model}, {photo}", table(cells, model, photo, titles)]
    text.append("Errors are rejected requests and requests without a response. "
        "† fewer than two responses per connection: too short.")
    text.append("## Variants")
    text.append("\n".join(f"- {titles[server]}: {words}" for server, words in results["variants"].items()))
    if results["tried"]:
        rows = [f"| {titles[t['server']]} | {t['variant']} | {t['rate']:.1f} |" for t in results["tried"]]
        text.append("\n".join(["Tried:", "", "| | | images/s |", "|---|---|---:|", *rows]))
    if results["left_out"]:
        text.append("Left out:\n\n" + "\n".join(f"- {words}" for words in results["left_out"]))
    (out / "results.md").write_text("\n\n".join(text) + "\n")
    print("\n" + ratios(cells) + "\n\n# table, CSV and curves are in", out.name)
