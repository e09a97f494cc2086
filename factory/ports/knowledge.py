"""Knowledge pages, memory, routing, and the targets of the outbox."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from factory.model.outbox import OutboxItem
from factory.model.run import Route
from factory.model.view import RunView
from factory.rules.figures import Chapter
from factory.rules.flags import Flag

Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Hint:
    """Something that memory offers: guidance, never evidence."""

    ref: str
    """`memory://…`"""
    text: str
    score: float = 0.0


class Memory(Protocol):
    """What earlier runs learned."""

    def recall(self, text: str, limit: int = 5) -> tuple[Hint, ...]:
        """The best fitting hints, best first."""
        ...

    def owns(self, source: str) -> bool:
        """Whether a source offered as evidence is a memory record: its reference, or the file that holds it."""
        ...


Known = Callable[[str], str]
"""Order key -> remote reference of the newest item of this target and key that arrived; empty = none has."""


def nothing_known(_order_key: str) -> str:
    """For a target that was never written to, or that finds things again by itself."""
    return ""


Outcome = Literal["accepted", "delivered"]
Receipt = tuple[Outcome, str] | tuple[Outcome, str, str]
"""What became of an item, its remote reference, and a sentence for the operator if something there wants a look."""


class Target(Protocol):
    """Where the outbox writes to. Its calls come from one thread of its own."""

    name: str

    def deliver(self, item: OutboxItem, known: Known = nothing_known, /) -> Receipt:
        """Write one item, idempotent by its dedupe key.

        Args:
            known: Where earlier items went, so that a target need not search for what it made itself.

        Raises:
            Unreachable: try again later. Refused: never again; the item is dead.
        """
        ...

    def confirm(self, item: OutboxItem) -> bool:
        """Whether an accepted item has really arrived (asked again until it has)."""
        ...


@runtime_checkable
class Probed(Protocol):
    """A target over a connection, which can be asked whether it works without writing anything."""

    asks: str
    """What the probe reads, for people; holds no credentials."""

    def probe(self) -> str:
        """Read something that needs our credentials; returns the version of the system, empty where it tells none.

        Raises:
            SourceError: it does not work for us; the sentence says why.
        """
        ...

    def close(self) -> None:
        """Close its connections."""
        ...


def asked_of(target: Target | None) -> str:
    """What a system is asked to see whether it works, for people."""
    if isinstance(target, Probed):
        return target.asks
    return "nothing: what was sent to it tells"


@runtime_checkable
class Paced(Protocol):
    """A target that may be written to only so often."""

    def ready_in_s(self, item: OutboxItem) -> float:
        """Seconds until it takes this item; 0 = now. Until then the item just waits, which is no outage."""
        ...


class Pages(Protocol):
    """Renders knowledge pages."""

    def render(self, role: str, view: RunView, extra: Mapping[str, Any] | None = None) -> str:
        """The page as Markdown with front matter and a generated block; see domain §10."""
        ...

    def ref(self, role: str, run: str) -> str:
        """Where the knowledge target will keep it."""
        ...

    def metrics(self, title: str, chapters: Sequence[Chapter], flags: Sequence[Flag], rows: Rows = ()) -> str:
        """Metrics as Markdown, without a time of writing: the same numbers make the same page.

        Args:
            rows: A table, as `figures.table_rows` makes it; none for a single run.
        """
        ...


class Router(Protocol):
    """Who does what."""

    def companies(self) -> tuple[str, ...]:
        """Every company that agents can work for, by name.

        Raises:
            Malformed: the table cannot be read.
        """
        ...

    def route(self, goal: str, domain: str = "", paths: Sequence[str] = ()) -> Route:
        """The route of a goal; `domain` overrides.

        Raises:
            Refused: `unrouted`, nothing matched well enough.
            Malformed: the table cannot be read.
        """
        ...
