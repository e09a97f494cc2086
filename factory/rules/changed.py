"""Which places of a long list hold something else than before, for little more than the places that do."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

_BLOCK = 1024
"""Blocks that hold the same objects are skipped at the speed of comparing pointers."""
_MOST_IN_FRONT = 100
"""A list in front of which more came at once is looked through again."""


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


def followed(before: Sequence[T], after: Sequence[T], same: Callable[[T, T], bool]) -> tuple[int, list[int]] | None:
    """How a list goes on in its next version, when it only grew and changed: then it need not be looked through again.

    Args:
        same: Whether two objects are versions of the same thing.

    Returns:
        How many came in front, and the places in `after` that hold another version of what was there. What stands
        behind those of before came at the end. None when it is another list.
    """
    if not before:
        return None
    limit = min(len(after) - len(before), _MOST_IN_FRONT)
    front = next((n for n in range(limit + 1) if same(after[n], before[0])), None)
    if front is None:
        return None
    went_on = after if len(after) == len(before) else after[front : front + len(before)]
    changed = changed_places(before, went_on)
    if not all(same(before[place], went_on[place]) for place in changed):
        return None
    return front, [front + place for place in changed]
