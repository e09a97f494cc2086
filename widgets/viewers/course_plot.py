"""A share over time: a point for each period with whiskers as far as its interval, and counts where they are few."""

from collections.abc import Sequence

from factory.rules.figures import Course
from factory.rules.intervals import Rate
from factory.rules.wording import NOTHING
from widgets.lines import Line, clip, wrap
from widgets.viewers.plot import blank, built

POINT, WHISKER = "•", "┃"
LOW = 12
LEAST = 40
"""Cells for a plot; with less there are words."""


def course_lines(course: Course, width: int, height: int = LOW) -> tuple[Line, ...]:
    """Its name and its plot, with the counts of each period below; words alone where fewer than two can be drawn."""
    length = "day" if course.days == 1 else f"{course.days} days"
    head = clip(((course.name, "strong"), (f"  of goals begun, by {length}", "dim")), width)
    drawn = [(place, share) for place, (_, share) in enumerate(course.points) if share.value is not None]
    if len(drawn) < 2 or width < LEAST:
        return (head, *(((text, "dim"),) for text in wrap(_counts(course.points), width)))
    return (head, *_plot(course, drawn, width, height))


def _counts(points: Sequence[tuple[str, Rate]]) -> str:
    """`2 of 3 since 2026-03-02, …`: no percentage, whatever the counts are."""
    told = ", ".join(f"{share.hits} of {share.n} since {start}" for start, share in points if share.n)
    return f"{told} (too few to draw)" if told else NOTHING


def _plot(course: Course, drawn: Sequence[tuple[int, Rate]], width: int, height: int) -> tuple[Line, ...]:
    plot = blank(width, height)
    for place, share in drawn:
        plot.plot([place, place], [100 * (share.low or 0), 100 * (share.high or 0)], marker=WHISKER)
    plot.scatter([place for place, _ in drawn], [100 * (share.value or 0) for _, share in drawn], marker=POINT)
    plot.ylim(0, 100)
    plot.yticks([0, 50, 100], ["  0 %", " 50 %", "100 %"])
    last = len(course.points) - 1
    plot.xlim(-0.5, last + 0.5)
    labels = [f"{share.hits}/{share.n}" for _, share in course.points]
    shown = _thinned(labels, width)
    plot.xticks([float(place) for place in shown], [labels[place] for place in shown])
    ends = course.points[0][0], course.points[-1][0]
    dates = f"{'':6}{ends[0]}{ends[1]:>{width - 6 - len(ends[0])}}"
    return (*built(plot, {POINT: "strong", WHISKER: "accent"}), ((dates, "dim"),))


def _thinned(labels: Sequence[str], width: int) -> list[int]:
    """The places whose label is shown: all of them, or every second, third … one, where they need room."""
    room = (width - 8) / len(labels)
    each = max(1, -(-(max(map(len, labels)) + 1) // max(1, int(room))))
    return list(range(0, len(labels), each))
