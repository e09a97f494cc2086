"""A recorded run: the ledger as it was right after any of its events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from factory.ports.ledger import Ledger

if TYPE_CHECKING:
    from factory.model.audit import Event


class Flight(Ledger, Protocol):
    """The ledger of one run at one moment of its past, at first the first one. Writing raises `Refused`."""

    @property
    def run(self) -> str:
        """Id of the run."""
        ...

    @property
    def moments(self) -> Sequence[Event]:
        """What happened, oldest first; never empty. Read where it is looked at: long ones are not held as a whole."""
        ...

    @property
    def first(self) -> int:
        """`seq` of the oldest moment."""
        ...

    @property
    def last(self) -> int:
        """`seq` of the newest moment."""
        ...

    @property
    def seq(self) -> int:
        """Of the event right after which everything is shown."""
        ...

    @property
    def place(self) -> int:
        """Where that event stands in `moments`."""
        ...

    @property
    def beats(self) -> int:
        """How many signs of life agents gave between that event and the next moment."""
        ...

    @property
    def at(self) -> str:
        """The time of that event, or of the last sign of life that is shown; UTC, ISO-8601."""
        ...

    def seek(self, seq: int, beats: int = 0) -> None:
        """Show everything as it was right after an event.

        Args:
            seq: Of the event; between two moments it is the one before, and nothing leads out at the ends.
            beats: Go on by so many signs of life that agents gave after it; they have no event.
        """
        ...
