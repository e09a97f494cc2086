"""A plot of latency against size, as SVG: text and lines, laid out by the same arithmetic each time."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 130, 40, 48
LABEL = 14
INK, PALE = "#555", "#ccc"
COLOURS = {"cursor key": "#2563eb", "page down": "#d97706", "floor": "#6b7280"}


@dataclass(frozen=True)
class Point:
    """Medians at one size, in milliseconds."""

    runs: int
    cursor: float
    page: float
    floor: float


def write_plot(file: Path, points: Sequence[Point]) -> None:
    """Write the plot."""
    file.write_text(plot(points), encoding="utf-8")


def plot(points: Sequence[Point]) -> str:
    """Sizes from left to right by powers of ten, milliseconds from zero upwards."""
    curves = {
        "cursor key": [point.cursor for point in points],
        "page down": [point.page for point in points],
        "floor": [point.floor for point in points],
    }
    top = _round_up(max(value for values in curves.values() for value in values))
    sizes = [point.runs for point in points]
    body = [*_grid(sizes, top)]
    for name, values in curves.items():
        body += _curve(name, [(_x(size, sizes), _y(value, top)) for size, value in zip(sizes, values, strict=True)])
    body += _labels({name: _y(values[-1], top) for name, values in curves.items()}, _x(sizes[-1], sizes) + 10)
    title = _text(LEFT, 22, "Key to screen (median, ms) against the number of runs in the ledger", INK, "start", 14)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">'
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    return "\n".join([head, ground, title, *body, "</svg>"]) + "\n"


def _grid(sizes: Sequence[int], top: float) -> list[str]:
    lines = []
    for part in range(5):
        value = top * part / 4
        y = _y(value, top)
        lines.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="{PALE}"/>')
        lines.append(_text(LEFT - 8, y + 4, f"{value:g}", INK, "end"))
    return lines + [_text(_x(size, sizes), HEIGHT - BOTTOM + 20, f"{size:,}", INK, "middle") for size in sizes]


def _curve(name: str, places: Sequence[tuple[float, float]]) -> list[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    colour = COLOURS[name]
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
    return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>', *dots]


def _labels(ends: Mapping[str, float], x: float) -> list[str]:
    """The name of each curve beside its end, pushed up where two would touch."""
    labels, free = [], float(HEIGHT)
    for name, end in sorted(ends.items(), key=lambda one: -one[1]):
        y = min(end + 4, free)
        labels.append(_text(x, y, name, COLOURS[name], "start"))
        free = y - LABEL
    return labels


def _text(x: float, y: float, text: str, colour: str, anchor: str, size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" font-size="{size}">{text}</text>'


def _x(size: int, sizes: Sequence[int]) -> float:
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])
    share = (math.log10(size) - first) / (last - first) if last > first else 0.5
    return LEFT + 20 + share * (WIDTH - LEFT - RIGHT - 40)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)


def _round_up(value: float) -> float:
    """The next of 4, 8, 12, 16, 20, 40, 80, … so that the grid has round numbers."""
    return next(step for step in (4.0, 8.0, 12.0, 16.0, 20.0, 40.0, 80.0, 200.0, 400.0, 4000.0) if step >= value)
