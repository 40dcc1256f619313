"""Draws lines and dots as SVG, without a library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 520, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 10, 26, 30
ROW = 22
LABELS = 190


@dataclass(frozen=True)
class Line:
    title: str
    colour: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Dot:
    title: str
    colour: str
    value: float
    hollow: bool


def number(value: float) -> str:
    """Three digits, and no more zeros than needed."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def steps(most: float, count: int = 4) -> list[float]:
    """Round numbers from 0 to at least `most`."""
    if most <= 0:
        return [0.0, 1.0]
    raw = most / count
    size = 10 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw)
    return [i * step for i in range(math.ceil(round(most / step, 9)) + 1)]


def text(x: float, y: float, words: str, anchor: str = "start", style: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{style}>{escape(words)}</text>'


def svg(width: float, height: float, title: str, parts: list[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" role="img"'
    return f'{head} font-family="sans-serif" font-size="11"><title>{escape(title)}</title>\n' + "\n".join(parts) + "\n</svg>"


def lines(title: str, series: list[Line], seconds: float) -> str:
    """Steps over time; the axis is in hours, or in days where there are many."""
    unit, name = (86400.0, "days") if seconds > 3 * 86400 else (3600.0, "hours")
    across = steps(seconds / unit, 6)
    up = steps(max((y for line in series for _, y in line.points), default=1))
    inner, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(at: float) -> float:
        return LEFT + inner * at / (across[-1] * unit)

    def y(value: float) -> float:
        return TOP + high * (1 - value / up[-1])

    parts = [text(LEFT, 14, title, style=' font-weight="bold"')]
    for value in up:
        parts.append(f'<path d="M{LEFT} {y(value):.1f}h{inner}" stroke="#ddd"/>')
        parts.append(text(LEFT - 5, y(value) + 4, number(value), "end"))
    for value in across:
        parts.append(text(x(value * unit), HEIGHT - 14, number(value), "middle"))
    parts.append(text(WIDTH - RIGHT, HEIGHT - 2, name, "end"))
    for line in series:
        path = path_of([(x(at), y(value)) for at, value in line.points])
        parts.append(f'<path d="{path}" fill="none" stroke="{line.colour}" stroke-width="1.4"><title>{escape(line.title)}</title></path>')
    return svg(WIDTH, HEIGHT, title, parts)


def path_of(points: list[tuple[float, float]]) -> str:
    """Steps; a point that changes nothing is left out."""
    path, height = "", None
    for at, value in points:
        if height is None:
            path = f"M{at:.1f} {value:.1f}"
        elif f"{value:.1f}" != f"{height:.1f}":
            path += f"H{at:.1f}V{value:.1f}"
        height = value
    return path + (f"H{points[-1][0]:.1f}" if points else "")


def dots(title: str, rows: list[tuple[str, list[Dot]]]) -> str:
    """Values of each row on one logarithmic axis."""
    values = [dot.value for _, row in rows for dot in row if dot.value > 0 and math.isfinite(dot.value)]
    low = math.floor(math.log10(min(values))) if values else 0
    high = math.ceil(math.log10(max(values))) if values else 1
    high = max(high, low + 1)
    height = TOP + ROW * len(rows) + BOTTOM
    inner = WIDTH - LABELS - RIGHT - 10

    def x(value: float) -> float:
        return LABELS + inner * (math.log10(value) - low) / (high - low)

    parts = [text(4, 14, title, style=' font-weight="bold"')]
    for power in range(low, high + 1):
        at = x(10.0**power)
        parts.append(f'<path d="M{at:.1f} {TOP}V{height - BOTTOM}" stroke="#ddd"/>')
        parts.append(text(at, height - 14, number(10.0**power), "middle"))
    for i, (label, row) in enumerate(rows):
        middle = TOP + ROW * (i + 0.5)
        parts.append(text(LABELS - 8, middle + 4, label, "end"))
        parts.append(f'<path d="M{LABELS} {middle:.1f}h{inner}" stroke="#eee"/>')
        for dot in row:
            if dot.value > 0 and math.isfinite(dot.value):
                fill = "white" if dot.hollow else dot.colour
                parts.append(
                    f'<circle cx="{x(dot.value):.1f}" cy="{middle:.1f}" r="4" fill="{fill}" fill-opacity="0.8" stroke="{dot.colour}"'
                    f' stroke-width="1.6"><title>{escape(dot.title)}: {number(dot.value)}</title></circle>'
                )
    return svg(WIDTH, height, title, parts)
