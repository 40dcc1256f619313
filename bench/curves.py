"""Draws throughput and latency over the connections, and the throughput with each photo."""

from pathlib import Path

import matplotlib
from cells import WHOLE, Cells

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

COLOURS = {
    "glimpse-jvm": "#d1495b",
    "glimpse-native": "#8f2d56",
    "fastapi-onnx": "#00798c",
    "fastapi-openvino": "#30638e",
    "fastapi-torch": "#edae49",
    "node": "#66a182",
    "litserve": "#2e4057",
    "bentoml": "#8d96a3",
    "triton": "#a44a9e",
}


def draw(cells: Cells, titles: dict[str, str], models: list[str], photo: str, file: Path) -> None:
    """Throughput above, p99 below, over the connections; a column for each model."""
    matplotlib.rcParams.update({"svg.hashsalt": "glimpse", "font.size": 9})
    figure, axes = plt.subplots(2, len(models), figsize=(4.2 * len(models), 6.4), squeeze=False, sharex=True)
    for column, model in enumerate(models):
        rate, late = axes[0][column], axes[1][column]
        bound = cells.value(model=model, photo=photo, server="limit", what=WHOLE)
        if bound:
            rate.axhline(bound, color="black", linestyle="--", linewidth=1, label="the limit")
        for server, colour in COLOURS.items():
            criteria = {"model": model, "photo": photo, "server": server, "body": "raw"}
            points = [c for c in cells.cells if all(c.get(k) == v for k, v in criteria.items())]
            style = {"color": colour, "marker": "o", "markersize": 3.5, "linewidth": 1.6, "label": titles[server]}
            if points:
                connections = [c["concurrency"] for c in points]
                rate.plot(connections, [c["rate"] for c in points], **style)
                late.plot(connections, [c["p99_ms"] for c in points], **style)
        rate.set(title=model, ylim=(0, None))
        levels = sorted({c["concurrency"] for c in cells.cells if c["server"] != "limit"})
        late.set_xscale("log", base=2)
        late.set(xlabel="connections", yscale="log", xticks=levels, xticklabels=levels)
        late.yaxis.set_major_formatter("{x:g}")
        late.yaxis.set_minor_formatter("")
        for plot in rate, late:
            plot.grid(alpha=0.3)
            plot.spines[["top", "right"]].set_visible(False)
    axes[0][0].set_ylabel("images per second")
    axes[1][0].set_ylabel("p99, ms")
    # The servers that are drawn in any of them.
    drawn = {name: handle for plot in axes[0] for handle, name in zip(*plot.get_legend_handles_labels(), strict=True)}
    figure.suptitle(f"POST /predict, a photo of {photo}")
    below(figure, drawn, len(models) + (len(models) > 1))
    save(figure, file)


def bars(cells: Cells, titles: dict[str, str], models: list[str], photos: list[str], file: Path) -> None:
    """Images a second at 8 connections: a picture above the other for each model, a group of bars for each photo."""
    matplotlib.rcParams.update({"svg.hashsalt": "glimpse", "font.size": 9})
    figure, axes = plt.subplots(len(models), 1, figsize=(8.4, 3.0 * len(models) + 1), squeeze=False)
    at_8 = {"concurrency": 8, "body": "raw"}
    present = [s for s in COLOURS if any(cells.value(server=s, photo=photo, **at_8) for photo in photos)]
    width = 0.8 / max(1, len(present))
    for axis, model in zip(axes[:, 0], models, strict=True):
        for place, server in enumerate(present):
            rates = [cells.value(model=model, server=server, photo=photo, **at_8) or 0 for photo in photos]
            left = [group + (place - (len(present) - 1) / 2) * width for group in range(len(photos))]
            drawn = axis.bar(left, rates, width, color=COLOURS[server], label=titles[server])
            axis.bar_label(drawn, [f"{rate:.0f}" if rate else "" for rate in rates], fontsize=6)
        axis.set(title=model, ylabel="images per second", yscale="log", xticks=range(len(photos)), xticklabels=photos)
        axis.yaxis.set_major_formatter("{x:g}")
        axis.spines[["top", "right"]].set_visible(False)
    handles, names = axes[0][0].get_legend_handles_labels()
    below(figure, dict(zip(names, handles, strict=True)), 3)
    save(figure, file)


def below(figure: Figure, drawn: dict, columns: int) -> None:
    """Writes the legend below the pictures."""
    lines = -(-len(drawn) // columns)
    figure.legend(drawn.values(), drawn.keys(), loc="lower center", ncols=columns, frameon=False)
    figure.tight_layout(rect=(0, 0.02 + 0.03 * lines, 1, 1))


def save(figure: Figure, file: Path) -> None:
    figure.savefig(file.with_suffix(".svg"), metadata={"Date": None})
    figure.savefig(file.with_suffix(".png"), dpi=110)
    plt.close(figure)
