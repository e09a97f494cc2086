"""Plots of money: its growth as a curve, its parts as bars. Readable without colours."""

import itertools
from collections.abc import Sequence

from widgets.amounts import money
from widgets.lines import Line, Tone, bar, fit, fit_right
from widgets.plain import visible

HEIGHT = 10
TALL = 16
TICKS = 4
_CURVE = frozenset("▖▗▘▝▀▄▌▐▙▛▜▟▞▚█")

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
    from textual_plotext.plot import Plot  # imports slowly, and only this page needs it

    top = max(1, top, max(spent for _, spent in points))
    plot = Plot()
    plot.theme("clear")
    plot.plotsize(width, height)
    xs, ys = _steps(points)
    plot.plot(xs, ys, marker="hd")
    plot.ylim(0, top)
    marks = [top * turn / (TICKS - 1) for turn in range(TICKS)]
    plot.yticks(marks, [fit_right(money(round(mark)), 8) for mark in marks])
    last = max(1.0, points[-1][0])
    plot.xlim(0, last)
    plot.xticks([0, last], [end.ljust(8) if not turn else end.rjust(8) for turn, end in enumerate(ends)])
    drawn = str(plot.build()).replace("\x1b[0m", "")
    return tuple(_toned(visible(line, 400)) for line in drawn.rstrip("\n").split("\n"))


def _toned(line: str) -> Line:
    """The curve stands out, its frame and its scale do not."""
    return tuple(
        ("".join(part), "accent" if is_curve else "dim")
        for is_curve, part in itertools.groupby(line, key=_CURVE.__contains__)
    )


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
