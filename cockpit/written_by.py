"""How much an agent had written by a moment: of its journal by the times in it, of its log by the marks beside it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from cockpit.output import JOURNAL

if TYPE_CHECKING:
    from pathlib import Path

GROWTH = "growth"
"""File in the folder of an attempt: a line for each time that its log was seen to have grown, `UTC BYTES`."""
_HEARD = re.compile(rb'\{"n": \d+, "at": "([^"]{1,40})"')
_MARK = re.compile(rb"(\S{1,40}) (\d{1,15})\n")


def length_at(path: Path, at: str) -> int | None:
    """How many bytes of a log or a journal were there at a time; None where nobody noted that.

    Never more than were there; up to half a second's less.

    Args:
        path: In the folder of its attempt.
        at: UTC, ISO-8601 with milliseconds.
    """
    marks = path if path.name == JOURNAL else path.with_name(GROWTH)
    try:
        if not path.stat().st_size:
            return 0  # it never had any
        times, lengths = _read(marks, marks.stat().st_size)
    except OSError:
        return None
    if not times:
        return None  # there is something, and no mark that can be read
    place = bisect_right(times, at)
    return lengths[place - 1] if place else 0


@lru_cache(maxsize=4)
def _read(marks: Path, _size: int) -> tuple[Sequence[str], Sequence[int]]:
    """Every time, and how many bytes there were by then. Read once: what is replayed seldom grows."""
    with marks.open("rb") as file:
        pairs = list(_of_journal(file) if marks.name == JOURNAL else _of_log(file))
    return [at for at, _ in pairs], [length for _, length in pairs]


def _of_journal(lines: Iterator[bytes]) -> Iterator[tuple[str, int]]:
    end = 0
    for line in lines:
        end += len(line)
        if found := _HEARD.match(line):
            yield found[1].decode("ascii", "replace"), end


def _of_log(lines: Iterator[bytes]) -> Iterator[tuple[str, int]]:
    for line in lines:
        if found := _MARK.fullmatch(line):
            yield found[1].decode("ascii", "replace"), int(found[2])
