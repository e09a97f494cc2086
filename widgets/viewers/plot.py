"""Plots of money: its growth as a curve, its parts as bars. Readable without colours."""

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from widgets.amounts import money
from widgets.lines import Line, Tone, bar, fit, fit_right
from widgets.plain import visible

if TYPE_CHECKING:
    from textual_plotext.plot import Plot

HEIGHT = 10
TALL = 16
TICKS = 4
_CURVE: Mapping[str, Tone] = dict.fromkeys("▖▗▘▝▀▄▌▐▙▛▜▟▞▚█", "accent")

Point = tuple[float, int]
"""Seconds since the beginning, and micro-USD spent by then."""
Part = tuple[str, int, str]
"""A name, micro-USD, and how well the amount is known (a cost basis)."""


def curve(
    points: Sequence[Point], ends: tuple[str, str], width: int, top: int = 0, height: int = HEIGHT
) -> tuple[Line, ...]:
    """Money over time, as plotext draws it; nothing when there are fewer than two points.

    Args:
        top: Where the scale ends, so that curves beside each other can be compared; 0 = at the highest point.
    """
    if len(points) < 2 or width < 40:
        return ()
    top = max(1, top, max(spent for _, spent in points))
    plot = blank(width, height)
    xs, ys = _steps(points)
    plot.plot(xs, ys, marker="hd")
    plot.ylim(0, top)
    marks = [top * turn / (TICKS - 1) for turn in range(TICKS)]
    plot.yticks(marks, [fit_right(money(round(mark)), 8) for mark in marks])
    last = max(1.0, points[-1][0])
    plot.xlim(0, last)
    plot.xticks([0, last], [end.ljust(8) if not turn else end.rjust(8) for turn, end in enumerate(ends)])
    return built(plot, _CURVE)


def blank(width: int, height: int) -> "Plot":
    """A plot of so many cells, whatever the terminal has."""
    from textual_plotext.plot import Plot  # imports slowly, and only plots need it

    plot: Any = Plot()
    plot.theme("clear")
    plot._limit_size(False, False)  # nothing public says that the terminal is no limit
    plot.plotsize(width, height)
    made: Plot = plot
    return made


def built(plot: "Plot", tones: Mapping[str, Tone]) -> tuple[Line, ...]:
    """What plotext has drawn, as lines: these characters stand out, its frame and its scale do not."""
    drawn = str(plot.build()).replace("\x1b[0m", "")
    return tuple(_toned(visible(line, 400), tones) for line in drawn.rstrip("\n").split("\n"))


def _toned(line: str, tones: Mapping[str, Tone]) -> Line:
    parts = itertools.groupby(line, key=lambda char: tones.get(char, "dim"))
    return tuple(("".join(part), tone) for tone, part in parts)


def parts(title: str, values: Sequence[Part], width: int, here: str = "") -> tuple[Line, ...]:
    """A heading and one bar for each part, in proportion to the largest; `here` is marked."""
    if not values:
        return ()
    most = max(1, max(micros for _, micros, _ in values))
    room = max(8, min(36, width // 2 - 8, max(len(name) for name, _, _ in values) + 1))
    length = max(6, min(60, width - room - 14))
    lines: list[Line] = [((title, "strong"),)]
    for name, micros, basis in values:
        tone: Tone = "strong" if name == here else ""
        mark = "> " if name == here else "  "
        amount = fit_right(money(micros, basis), 10)
        lines.append(
            ((mark, "accent"), (f"{fit(visible(name, 60), room - 1)} ", tone), *bar(micros, most, length), (amount, ""))
        )
    return tuple(lines)


def _steps(points: Sequence[Point]) -> tuple[list[float], list[int]]:
    """The points as a staircase: money is spent at once, not bit by bit."""
    xs: list[float] = [points[0][0]]
    ys: list[int] = [points[0][1]]
    for (_, before), (at, spent) in itertools.pairwise(points):
        xs.extend((at, at))
        ys.extend((before, spent))
    return xs, ys
