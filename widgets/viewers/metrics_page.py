"""Metrics of all goals: shares with their intervals, now and over time, medians, sums, flags, and a line a goal."""

from collections.abc import Sequence
from functools import partial

from factory.rules.figures import NO_RUNS, Chapter, Course, Figure, chapters, courses, table_rows
from factory.rules.flags import Flag
from factory.rules.intervals import Rate
from factory.rules.summary import Report
from widgets.goal_line import tag
from widgets.lines import Line, Span, Tone, fit, wrap
from widgets.plain import visible
from widgets.viewers.beside import Block, beside
from widgets.viewers.course_plot import LOW, course_lines
from widgets.viewers.plot import TALL

NAME = 21
WORDS = 28
"""As long as the words of a share are."""
_LONGEST_BAR, _SHORTEST_BAR = 60, 12
_LEAST = 76
"""Cells for a chapter beside another one."""
_LEAST_PLOT = 44
_TALL = 150
"""From this width on there is height, too."""
_COLUMNS = (
    ("GOAL", 5), ("STATE", 11), ("ROUNDS", 7), ("TRIES", 6), ("REWORK", 7), ("COST", 9), ("LEAD", 11), ("SCORE", 6),
)  # fmt: skip
_SEVERITY: dict[str, Tone] = {"error": "bad", "warn": "warn", "notice": "accent"}


def metrics_page(report: Report, width: int) -> tuple[Line, ...]:
    """All of it; a sentence where nothing was measured."""
    if report.is_empty:
        return tuple(((text, "dim"),) for text in wrap(NO_RUNS, width))
    blocks: list[Block] = [partial(_chapter, chapter) for chapter in chapters(report.summary)]
    flags = [("", flag) for flag in report.summary.flags]
    flags += [(tag(one.run), flag) for one in report.runs for flag in one.flags]
    followed = _courses(courses(report.summary), width)
    return (*beside(blocks, width, _LEAST), (), *followed, *_flags(flags, width), (), *_table(report, width))


def _courses(found: Sequence[Course], width: int) -> tuple[Line, ...]:
    """Over time, where runs began in more than one period."""
    height = LOW if width < _TALL else TALL
    plots: list[Block] = [partial(course_lines, course, height=height) for course in found]
    return (*beside(plots, width, _LEAST_PLOT), ()) if plots else ()


def whiskers(share: Rate, length: int) -> Line:
    """A scale from 0 to 100 % in `length` cells: a point at the share, whiskers as far as its interval.

    Under five cases the scale is empty: there is nothing to point at.
    """
    if share.value is None or share.low is None or share.high is None:
        return (("─" * length, "rule"),)
    last = length - 1
    low, at, high = (round(part * last) for part in (share.low, share.value, share.high))
    inside = "".join(_mark(cell, low, at, high) for cell in range(low, high + 1))
    point = at - low
    return (
        ("─" * low, "rule"),
        (inside[:point], "accent"), (inside[point], "strong"), (inside[point + 1 :], "accent"),
        ("─" * (last - high), "rule"),
    )  # fmt: skip


def _mark(cell: int, low: int, at: int, high: int) -> str:
    if cell == at:
        return "•"
    return {low: "├", high: "┤"}.get(cell, "━")


def _chapter(chapter: Chapter, width: int) -> tuple[Line, ...]:
    """Its title, a scale above its shares where there is room for bars, and its figures."""
    length = min(_LONGEST_BAR, width - NAME - WORDS - 2)
    has_bars = length >= _SHORTEST_BAR and any(figure.share for figure in chapter.figures)
    lines: list[Line] = [((visible(chapter.title, 200), "strong"),)]
    if has_bars:
        lines.append(((" " * (NAME + 1), ""), (_scale(length), "dim")))
    for figure in chapter.figures:
        lines += _figure(figure, width, length if has_bars else 0)
    return tuple(lines)


def _scale(length: int) -> str:
    half = length // 2
    return f"{fit('0', half - 1)}{fit('50', length - half - 4)}100 %"


def _figure(figure: Figure, width: int, length: int) -> list[Line]:
    name: Span = (fit(figure.name, NAME) + " ", "")
    if figure.share is not None and length:
        return [(name, *whiskers(figure.share, length), (" ", ""), (figure.words, ""))]
    first, *more = wrap(visible(figure.words, 400), max(10, width - NAME - 1)) or ("",)
    return [(name, (first, "")), *(((" " * (NAME + 1), ""), (text, "")) for text in more)]


def _flags(found: Sequence[tuple[str, Flag]], width: int) -> tuple[Line, ...]:
    if not found:
        return ((("Flags ", "strong"), ("none", "dim")),)
    lines: list[Line] = [(("Flags", "strong"),)]
    for run, flag in found:
        head: Line = (
            (fit(flag.code, 5), _SEVERITY[flag.severity]),
            (fit(flag.severity, 7), "dim"),
            (fit(run, 5), "accent"),
        )
        words = wrap(visible(f"{flag.message} [{', '.join(flag.ids)}]", 1_000), max(20, width - 17))
        lines.append((*head, (words[0], "")))
        lines += [((" " * 17, ""), (text, "")) for text in words[1:]]
    return tuple(lines)


def _table(report: Report, width: int) -> tuple[Line, ...]:
    heads = "".join(fit(name, size) for name, size in _COLUMNS)
    lines: list[Line] = [((f"{heads}FLAGS", "dim"),)]
    for row in table_rows(report.runs, report.goals):
        cells = (row["state"], row["rounds"], row["attempts"], row["rework"], row["cost"], row["lead"], row["score"])
        text = "".join(fit(cell, size) for cell, (_, size) in zip(cells, _COLUMNS[1:], strict=True))
        codes = row["flags"] if row["flags"] != "-" else ""
        goal = fit(visible(row["goal"], 200), max(0, width - 62 - len(codes) - (2 if codes else 0)))
        flags: Line = ((codes + "  ", "warn"),) if codes else ()
        lines.append(((fit(tag(row["run"]), 5), "accent"), (text, ""), *flags, (goal, "dim")))
    return tuple(lines)
