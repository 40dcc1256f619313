"""Writes a study as one HTML page with drawings, and as tables in Markdown."""

from __future__ import annotations

import math
from html import escape

from simulator.profiles import Profile
from simulator.study import HPA, KNATIVE, Row
from simulator.svg import Dot, Line, dots, lines, number
from simulator.traffic import Traffic

COLOURS = {"glimpse-native": "#8f2d56", "glimpse-jvm": "#d1495b", "fastapi-onnx": "#00798c", "fastapi-torch": "#edae49"}
OTHERS = "#2e4057"
STYLE = """body { font: 15px/1.5 sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; font-size: 13px; } td, th { border-bottom: 1px solid #ddd; padding: 3px 8px; text-align: right; }
td:nth-child(-n+2), th:nth-child(-n+2) { text-align: left; } svg { max-width: 100%; height: auto; } .key span { margin-right: 1.5em; }"""


def colour(server: str) -> str:
    return COLOURS.get(server, OTHERS)


def milliseconds(seconds: float) -> str:
    return "–" if math.isnan(seconds) else number(seconds * 1000)


def share(part: float) -> str:
    return "0" if part == 0 else f"{number(part * 100)} %"


def header(rows: list[Row]) -> list[str]:
    return [
        *("server", "autoscaler", "p50, ms", "p99, ms", "cold", "… of the median service", "median wait, ms", "longest, ms"),
        *("starts", "replicas, mean", "most", "CPU s"),
        *(f"$ a million: {name}" for name in rows[0].costs),
    ]


def fields(row: Row, titles: dict[str, str]) -> list[str]:
    return [
        *(titles[row.server], row.autoscaler, milliseconds(row.p50), milliseconds(row.p99)),
        *(share(row.cold_share), share(row.cold_services), milliseconds(row.cold_p50), milliseconds(row.cold_most)),
        *(f"{row.starts:,}", number(row.mean_replicas), str(row.most_replicas), number(row.cpu_seconds)),
        *(number(dollars) for dollars in row.costs.values()),
    ]


def table(rows: list[Row], titles: dict[str, str]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in header(rows))
    body = "".join("<tr>" + "".join(f"<td>{escape(field)}</td>" for field in fields(row, titles)) + "</tr>\n" for row in rows)
    return f"<table><tr>{head}</tr>\n{body}</table>"


def markdown(traffics: list[Traffic], rows: list[Row], titles: dict[str, str]) -> str:
    text = []
    for traffic in traffics:
        own = [row for row in rows if row.traffic == traffic.name]
        names = header(own)
        text += [f"### {traffic.title}", ""]
        text += ["| " + " | ".join(names) + " |", "|---|---|" + "---:|" * (len(names) - 2)]
        text += ["| " + " | ".join(fields(row, titles)) + " |" for row in own]
        text.append("")
    return "\n".join(text)


def over_time(rows: list[Row], autoscaler: str, titles: dict[str, str]) -> str:
    own = [row for row in rows if row.autoscaler == autoscaler]
    series = [Line(titles[row.server], colour(row.server), row.replicas) for row in own]
    return lines(f"Replicas over time, {autoscaler}", series, own[0].seconds)


def dot(row: Row, titles: dict[str, str], value: float) -> Dot:
    return Dot(f"{titles[row.server]}, {row.autoscaler}", colour(row.server), value, row.autoscaler == HPA)


def costs(rows: list[Row], titles: dict[str, str]) -> str:
    platforms = list(rows[0].costs)
    return dots(
        "Dollars per million images",
        [(platform, [dot(row, titles, row.costs[platform]) for row in rows]) for platform in platforms],
    )


def waits(rows: list[Row], titles: dict[str, str]) -> str:
    chosen = [("p50", "p50"), ("p99", "p99"), ("wait of cold requests, median", "cold_p50"), ("… longest", "cold_most")]
    return dots(
        "Seconds", [(label, [dot(row, titles, getattr(row, name)) for row in rows]) for label, name in chosen]
    )


def key(profiles: list[Profile]) -> str:
    spans = "".join(f'<span style="color:{colour(p.name)}">● {escape(p.title)}</span>' for p in profiles)
    return f'<p class="key">{spans}<span>● {KNATIVE}</span><span>○ {HPA}</span></p>'


def inputs(profiles: list[Profile]) -> str:
    rows = [
        f"<tr><td>{escape(p.title)}</td><td>{escape(p.source)}</td><td>{number(sorted(p.starts)[len(p.starts) // 2] * 1000)}</td>"
        f"<td>{number(p.mean_service * 1000)}</td><td>{number(p.cpu * 1000)}</td><td>{number(p.rss)}</td></tr>"
        for p in profiles
    ]
    names = ("server", "source", "start, ms", "request, ms", "CPU ms", "MiB")
    return "<table><tr>" + "".join(f"<th>{name}</th>" for name in names) + "</tr>\n" + "\n".join(rows) + "</table>"


def html(about: dict, notes: list[str], traffics: list[Traffic], profiles: list[Profile], rows: list[Row]) -> str:
    titles = {p.name: p.title for p in profiles}
    parts = ["<!DOCTYPE html>", '<html lang="en"><meta charset="utf-8"><title>What a fleet costs</title>', f"<style>{STYLE}</style>"]
    parts += ["<h1>What a fleet costs</h1>", *(f"<p>{escape(note)}</p>" for note in notes)]
    described = "; ".join(f"{name}: {value}" for name, value in about.items())
    parts += ["<h2>What was measured</h2>", f"<p>{escape(described)}</p>", inputs(profiles)]
    for traffic in traffics:
        own = [row for row in rows if row.traffic == traffic.name]
        parts += [f"<h2>{escape(traffic.title)}</h2>", f"<p>{own[0].requests:,} requests.</p>", key(profiles)]
        parts += [over_time(own, autoscaler, titles) for autoscaler in (KNATIVE, HPA)]
        parts += [costs(own, titles), waits(own, titles), table(own, titles)]
    return "\n".join(parts) + "\n</html>\n"
