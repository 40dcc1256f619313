"""What serving.py measured, as a table, as CSV, as ratios with their targets, and as curves."""

import csv
import statistics
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

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
COLOURS = {
    "glimpse-jvm": "#d1495b",
    "glimpse-native": "#8f2d56",
    "fastapi-onnx": "#00798c",
    "fastapi-torch": "#edae49",
    "node": "#66a182",
    "litserve": "#2e4057",
    "bentoml": "#8d96a3",
}
V2, V1 = "mobilenet-v2", "mobilenet-v1-0.25-128"


class Cells:
    """Finds rates among the measurements; of the same one, taken twice, the mean."""

    def __init__(self, cells: list[dict]) -> None:
        self.cells = cells

    def value(self, key: str = "rate", **wanted: object) -> float | None:
        found = [c[key] for c in self.cells if all(c.get(k) == v for k, v in wanted.items())]
        return statistics.mean(found) if found else None

    def ratio(self, above: float | None, below: float | None) -> float | None:
        return above / below if above and below else None


def line(cell: dict) -> str:
    """One measurement, while it runs."""
    name = cell["server"] + (" multipart" if cell["body"] == "multipart" else "")
    return (
        f"  {name:24} {cell['photo']:>9} {cell['concurrency']:>4} connections {cell['rate']:8.1f}/s"
        f"  p50 {cell['p50_ms']:7.1f}  p99 {cell['p99_ms']:7.1f} ms  {cell['errors']} errors"
    )


def targets(cells: Cells) -> list[tuple[str, float | None, str]]:
    """What is compared, the ratio, and its target, all at concurrency 8."""
    rows = []
    for server in "glimpse-jvm", "glimpse-native":

        def rate(model: str, name: str, large: bool = False, body: str = "raw") -> float | None:
            return cells.value(model=model, server=name, large=large, body=body, concurrency=8)

        def bound(model: str, large: bool = False) -> float | None:
            return cells.value(model=model, server="limit", large=large, what="decode+inference")

        def row(words: str, above: float | None, below: float | None, target: str) -> None:
            rows.append((f"{server}, {words}", cells.ratio(above, below), target))  # noqa: B023

        ours, small = rate(V2, server), rate(V1, server)
        large = rate(V2, server, large=True)
        row(f"{V2}: share of the limit", ours, bound(V2), "≥ 0.90")
        row(f"{V2}: times FastAPI and ONNX Runtime", ours, rate(V2, "fastapi-onnx"), "≥ 1.4")
        row(f"{V2}: times FastAPI and PyTorch", ours, rate(V2, "fastapi-torch"), "≥ 3")
        row(f"{V1}: share of the limit", small, bound(V1), "≥ 0.80")
        row(f"{V1}: times FastAPI and ONNX Runtime", small, rate(V1, "fastapi-onnx"), "≥ 2.5")
        row(f"{V2}, 12 megapixels: times FastAPI and ONNX Runtime", large, rate(V2, "fastapi-onnx", True), "≥ 4")
        row(f"{V2}, 12 megapixels: share of the limit", large, bound(V2, True), "")
        row(f"{V2}: multipart, of raw", rate(V2, server, body="multipart"), ours, "≥ 0.95")
        at_8 = {"model": V2, "server": server, "large": False, "body": "raw", "concurrency": 8}
        row(f"{V2}: p99, of p50", cells.value("p99_ms", **at_8), cells.value("p50_ms", **at_8), "≤ 2")
    fast = rate(V2, "glimpse-jvm-fast", True)
    words = f"glimpse-jvm-fast, {V2}, 12 megapixels:"
    rows.append((f"{words} times FastAPI", cells.ratio(fast, rate(V2, "fastapi-onnx", True)), "≥ 4"))
    rows.append((f"{words} times FastAPI with draft()", cells.ratio(fast, rate(V2, "fastapi-onnx-draft", True)), ""))
    scaled = [c for c in cells.cells if c["model"] == V2 and c.get("what", "").startswith("decode at")]
    rows.append((f"{words} share of the limit at that size", cells.ratio(fast, Cells(scaled).value()), ""))
    return [row for row in rows if row[1] is not None]


def met(ratio: float, target: str) -> str:
    if not target:
        return ""
    bound = float(target[2:])
    return "met" if (ratio >= bound if target[0] == "≥" else ratio <= bound) else "**missed**"


def ratios(cells: Cells) -> str:
    rows = ["| at 8 connections | ratio | target | |", "|---|---:|---:|---|"]
    rows += [f"| {what} | {ratio:.2f} | {target} | {met(ratio, target)} |" for what, ratio, target in targets(cells)]
    return "\n".join(rows)


def table(cells: Cells, model: str, photo: str, titles: dict[str, str]) -> str:
    rows = [
        "| | connections | pictures/s | p50, ms | p99, ms | errors | CPU ms a picture | RSS, MiB | PSS, MiB |",
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


def curves(cells: Cells, titles: dict[str, str], models: list[str], photo: str, file: Path) -> None:
    """Throughput above, p99 below, over the connections; a column for each model."""
    matplotlib.rcParams.update({"svg.hashsalt": "glimpse", "font.size": 9})
    figure, axes = plt.subplots(2, len(models), figsize=(4.2 * len(models), 6.4), squeeze=False, sharex=True)
    for column, model in enumerate(models):
        rate, late = axes[0][column], axes[1][column]
        bound = cells.value(model=model, photo=photo, server="limit", what="decode+inference")
        if bound:
            rate.axhline(bound, color="black", linestyle="--", linewidth=1, label="the limit")
        for server, colour in COLOURS.items():
            wanted = {"model": model, "photo": photo, "server": server, "body": "raw"}
            points = [c for c in cells.cells if all(c.get(k) == v for k, v in wanted.items())]
            style = {"color": colour, "marker": "o", "markersize": 3.5, "linewidth": 1.6, "label": titles[server]}
            if points:
                connections = [c["concurrency"] for c in points]
                rate.plot(connections, [c["rate"] for c in points], **style)
                late.plot(connections, [c["p99_ms"] for c in points], **style)
        rate.set(title=model, ylim=(0, None))
        levels = sorted({c["concurrency"] for c in cells.cells if c["server"] != "limit"})
        late.set_xscale("log", base=2)
        late.set(xlabel="connections", yscale="log", xticks=levels, xticklabels=levels)
        for plot in rate, late:
            plot.grid(alpha=0.3)
            plot.spines[["top", "right"]].set_visible(False)
    axes[0][0].set_ylabel("pictures a second")
    axes[1][0].set_ylabel("p99, ms")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.suptitle(f"POST /predict, a JPEG of {photo}")
    figure.legend(handles, labels, loc="lower center", ncols=4, frameon=False)
    figure.tight_layout(rect=(0, 0.07, 1, 1))
    figure.savefig(file.with_suffix(".svg"), metadata={"Date": None})
    figure.savefig(file.with_suffix(".png"), dpi=110)
    plt.close(figure)


def write(results: dict, titles: dict[str, str], out: Path) -> None:
    cells = Cells(results["cells"])
    with (out / "results.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(results["cells"])
    served = [c for c in cells.cells if c["server"] != "limit"]
    models = list(dict.fromkeys(c["model"] for c in cells.cells))
    pictures = list(dict.fromkeys((c["photo"], c["large"]) for c in served))
    about = results["machine"]
    text = [
        "# Serving",
        f"{about['date']}; {about['cores']} cores of {about['cpu']}, for servers and wrk together; "
        f"{about['java']}; Python {about['python']}.",
        ratios(cells),
    ]
    for photo, large in pictures:
        curves(cells, titles, models, photo, out / ("curves-large" if large else "curves-small"))
        for model in models:
            text += [f"## {model}, {photo}", table(cells, model, photo, titles)]
    text.append("Errors are refusals and requests without an answer. † fewer than two answers a connection: too short.")
    text.append("## As they were run")
    text.append("\n".join(f"- {titles[server]}: {words}" for server, words in results["variants"].items()))
    if results["tried"]:
        rows = [f"| {titles[t['server']]} | {t['variant']} | {t['rate']:.1f} |" for t in results["tried"]]
        text.append("\n".join(["Tried:", "", "| | | pictures/s |", "|---|---|---:|", *rows]))
    if results["left_out"]:
        text.append("Left out:\n\n" + "\n".join(f"- {words}" for words in results["left_out"]))
    (out / "results.md").write_text("\n\n".join(text) + "\n")
    print("\n" + ratios(cells) + "\n\n# table, CSV and curves are in", out.name)
