"""What `cockpit lookup` looks through beside the ledger: pages, other memories, programs of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Found:
    """Something that fits what was asked: for people to read, never evidence."""

    source: str
    """`run page memory lightrag agent command`."""
    title: str
    text: str
    ref: str
    """Where it is: id of a run, path of a page, `memory://…`, whatever a program says."""
    score: float = 0.0
    """Which part of the telling words that were asked for stands in it, 0 to 1."""


class Lookup(Protocol):
    """One place to look."""

    name: str
    """As notices call it."""

    def find(self, text: str, limit: int) -> tuple[Sequence[Found], str]:
        """At most `limit` things, best first, and a sentence when it did not look at everything.

        Raises:
            SourceError: it cannot be asked now.
        """
        ...
