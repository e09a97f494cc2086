"""Knowledge pages, memory, routing, and the targets of the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from factory.model.outbox import OutboxItem
from factory.model.run import Route
from factory.model.view import RunView


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


class Target(Protocol):
    """Where the outbox writes to."""

    name: str

    def deliver(self, item: OutboxItem) -> tuple[Literal["accepted", "delivered"], str]:
        """Write one item, idempotent by its dedupe key. Returns what became of it and the remote reference.

        Raises:
            Unreachable: try again later. Refused: never again; the item is dead.
        """
        ...

    def confirm(self, item: OutboxItem) -> bool:
        """Whether an accepted item has really arrived (asked again until it has)."""
        ...


class Pages(Protocol):
    """Renders knowledge pages."""

    def render(self, role: str, view: RunView, extra: Mapping[str, Any] | None = None) -> str:
        """The page as Markdown with front matter and a generated block; see domain §10."""
        ...

    def ref(self, role: str, run: str) -> str:
        """Where the knowledge target will keep it."""
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
