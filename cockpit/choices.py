"""What the operator chose for this screen alone: marks, mutes, words, order, a frozen stream."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from cockpit.ordering import Order

if TYPE_CHECKING:
    from cockpit.screens.verbs import Verbs


@dataclass(frozen=True)
class Choices:
    """Replaced as a whole, so that a choice can be undone by putting the one before back."""

    words: str = ""
    """The filter."""
    order: Order = Order()
    marked: frozenset[str] = frozenset()
    """Ids of goals for a batch card."""
    muted: frozenset[str] = frozenset()
    """Ids of goals that are dim and notify nobody."""
    theme: str = ""
    """Name of the colours; empty = those of the settings."""
    is_frozen: bool = False
    """Streams stand still."""

    def marking(self, run: str) -> "Choices":
        """With this goal marked, or no longer."""
        return replace(self, marked=self.marked ^ {run})

    def muting(self, run: str) -> "Choices":
        """With this goal muted, or no longer."""
        return replace(self, muted=self.muted ^ {run})


class Deed(NamedTuple):
    """Something that was done, and how it is undone."""

    label: str
    """Names it: `pause of 7c4m`."""
    undo: "Callable[[Verbs], Awaitable[object]] | None" = None
    """Puts things back; asks first where that spends or stops, and answers None when nothing came of it.
    None: it cannot be undone."""
    why_not: str = ""
    """Why it cannot, as a sentence."""


MOST_DEEDS = 50


def with_deed(deeds: tuple[Deed, ...], deed: Deed) -> tuple[Deed, ...]:
    """The deeds with one more, the oldest forgotten."""
    return (*deeds, deed)[-MOST_DEEDS:]
