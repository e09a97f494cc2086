"""What differs between two moments of a run, as rows: each old value beside the new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from widgets.amounts import NOTHING, age_at, local_day, time_of_day
from widgets.lines import Line, fit, wrap
from widgets.plain import visible

if TYPE_CHECKING:
    from factory.rules.differences import Difference, Still

NAME = 26
"""Cells of a name, where there is room for it."""
ARROW = "→"


def difference_rows(before: Still, after: Still, found: Sequence[Difference], width: int) -> tuple[Line, ...]:
    """The two moments, then a heading for each section in which something differs."""
    return (*_head(before, after, width), *_sections(found, width))


def _head(before: Still, after: Still, width: int) -> tuple[Line, ...]:
    apart = age_at(before.at, after.at)
    return (
        (("from  ", "dim"), *_moment(before)),
        (("to    ", "dim"), *_moment(after), (f"  {apart} later", "dim")),
    )


def _moment(still: Still) -> Line:
    return ((f"{local_day(still.at)} {time_of_day(still.at)}", "strong"), (f"  event {still.number:,}", "dim"))


def _sections(found: Sequence[Difference], width: int) -> Iterator[Line]:
    if not found:
        yield ()
        yield (("Nothing differs between the two moments.", "dim"),)
    for section, group in groupby(found, key=lambda one: one.section):
        yield ()
        yield ((section.capitalize(), "strong"),)
        for one in group:
            yield from _rows(one, width)


def _rows(one: Difference, width: int) -> Iterator[Line]:
    """One value: on one line when it fits, else the new value below the old one."""
    name = fit(visible(one.name, 80), min(NAME, width // 3))
    before, after = _words(one.before), _words(one.after)
    room = max(10, width - len(name) - 6)
    if len(before) + len(after) + 3 <= room:
        yield (("  ", ""), (f"{name}  ", ""), (before, "dim"), (f" {ARROW} ", "rule"), (after, "accent"))
        return
    for number, part in enumerate(wrap(before, room)):
        yield (("  ", ""), (f"{name if not number else fit('', len(name))}  ", ""), (part, "dim"))
    for number, part in enumerate(wrap(after, room)):
        lead = f"{ARROW} " if not number else "  "
        yield (("  ", ""), (f"{fit('', len(name))}  ", ""), (lead, "rule"), (part, "accent"))


def _words(value: str) -> str:
    return visible(value.replace("_", " "), 400) or NOTHING
