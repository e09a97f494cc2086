"""Which places of a long list hold something else than before, for little more than the places that do."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_BLOCK = 1024
"""Blocks that hold the same objects are skipped at the speed of comparing pointers."""


def changed_places(before: Sequence[T], after: Sequence[T]) -> list[int]:
    """The places at which two lists of the same length differ, in their order.

    Raises:
        ValueError: the lists differ in length.
    """
    if len(before) != len(after):
        raise ValueError(f"{len(before)} and {len(after)} places cannot be compared.")
    if before is after:
        return []
    found: list[int] = []
    for start in range(0, len(after), _BLOCK):
        old, new = before[start : start + _BLOCK], after[start : start + _BLOCK]
        if old != new:
            found += [start + n for n, pair in enumerate(zip(old, new, strict=True)) if pair[0] is not pair[1]]
    return found


def with_changed(rows: tuple[T, ...], changes: dict[int, T]) -> tuple[T, ...]:
    """The list with other objects at some places; all others stay the same objects."""
    after = list(rows)
    for place, row in changes.items():
        after[place] = row
    return tuple(after)
