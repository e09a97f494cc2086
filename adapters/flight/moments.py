"""The events of a recording as a sequence that is read where it is looked at."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import overload

from adapters.flight.frame import Frame, Reel
from factory.model.audit import Event

PAGE = 128
"""Frames that are read together."""
KEPT = 16
"""Pages that are kept."""


class Moments(Sequence[Event]):
    """What happened, oldest first. Long ones are never held as a whole.

    Args:
        reel: Where they come from.
        turn: Held while it is read: threads may share these.
    """

    def __init__(self, reel: Reel, turn: AbstractContextManager[object]) -> None:
        self._reel = reel
        self._turn = turn
        self._pages: dict[int, tuple[Event, ...]] = {}

    def __len__(self) -> int:
        return len(self._reel.seqs)

    @overload
    def __getitem__(self, place: int) -> Event: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Event, ...]: ...

    def __getitem__(self, place: int | slice) -> Event | tuple[Event, ...]:
        if isinstance(place, slice):
            return tuple([self._at(each) for each in range(*place.indices(len(self)))])
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        return self._at(place % len(self))

    def _at(self, place: int) -> Event:
        number, rest = divmod(place, PAGE)
        with self._turn:
            page = self._pages.pop(number, None) or self._read(number)
            self._pages[number] = page  # the last one looked at is the last one to go
            if len(self._pages) > KEPT:
                del self._pages[next(iter(self._pages))]
        return page[rest]

    def _read(self, number: int) -> tuple[Event, ...]:
        first = number * PAGE
        return tuple(map(_event, self._reel.frames(first, min(first + PAGE, len(self)))))


def _event(frame: Frame) -> Event:
    return frame.event
