"""The ledger: the one owner of the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from factory.model.identity import Entity

if TYPE_CHECKING:
    from factory.model.audit import ChainHead, Command, Event
    from factory.model.step import Gauge
    from factory.model.view import RunRow, RunView

E = TypeVar("E", bound=Entity)
T = TypeVar("T")


class Transaction(Protocol):
    """One transaction of the ledger: all of it is stored, or nothing."""

    def get(self, kind: type[E], id: str) -> E:
        """The stored entity.

        Raises:
            Missing: there is none with this id.
        """
        ...

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        """All entities of a kind whose columns equal these values, or one of those in a list; oldest first."""
        ...

    def put(self, entity: E, action: str, detail: Mapping[str, Any] | None = None) -> E:
        """Store a new entity (version 0) or its next version, with exactly one event; return it as stored.

        Raises:
            Refused: `conflict`, somebody stored another version in the meantime; or `duplicate`, the id or a
                unique key is taken.
        """
        ...

    def leave(self, command: Command) -> None:
        """Leave a wish for the worker; it becomes visible with the rest of the transaction. Writes no event."""
        ...

    def note(self, action: str, object: str, run: str = "", detail: Mapping[str, Any] | None = None) -> None:
        """Write an event that changes no entity, such as a refused attempt to approve."""
        ...


class Ledger(Protocol):
    """The truth. Synchronous: call it from a thread where waiting hurts."""

    def write(self, actor: str, work: Callable[[Transaction], T], key: str = "") -> T | None:
        """Run `work` in one transaction and return its result.

        Args:
            actor: Who does it, as the events will say (`operator:ana`, `worker`, `coder:command:…`).
            key: `run:step:loop` for a workflow step. When an event already carries it, nothing is done and the
                answer is None.

        Raises:
            Unreachable: `locked`, `disk_full` or `read_only`.
        """
        ...

    def get(self, kind: type[E], id: str) -> E:
        """Read one entity. Raises `Missing`."""
        ...

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        """Read all entities of a kind with these column values, or one of those in a list; oldest first."""
        ...

    def run_ids(self) -> tuple[str, ...]:
        """Ids of all runs, oldest first: for who reads many of them, some at a time."""
        ...

    def beat(self, attempt: str, heartbeat: str, progress: str, gauge: Gauge | None = None, session: str = "") -> None:
        """Note when an attempt was last seen alive and last seen moving. No state change: no event, no new version.

        Args:
            progress: Empty = it did not move; the time before stays.
            gauge: How it stands; None leaves what is there.
            session: Of its agent; empty leaves what is there.
        """
        ...

    def resolve(self, text: str) -> str:
        """The id of the run that the operator means: an id, a unique prefix (with or without `run_`), or `last`.

        Raises:
            Missing: none or several fit; the sentence says which.
        """
        ...

    def view(self, run: str) -> RunView:
        """Everything about one run. Raises `Missing`."""
        ...

    def rows(
        self, limit: int = 50, state: str = "", ids: Sequence[str] | None = None, skip: int = 0
    ) -> tuple[RunRow, ...]:
        """Runs as list lines, newest first; the newest `skip` are left out."""
        ...

    def events(
        self, since: int = 0, limit: int = 1000, run: str = "", actions: Sequence[str] = ()
    ) -> tuple[Event, ...]:
        """Events with `seq > since`, oldest first; only of these actions, when any are named."""
        ...

    def head(self) -> ChainHead:
        """Count and hash of the newest event; a cheap read, fit for polling."""
        ...

    def stamp(self) -> int:
        """Another number after every commit of somebody else; 0 where nobody can tell. Cheaper than any other read."""
        ...

    def pending(self) -> tuple[Command, ...]:
        """Commands that no worker has applied yet, oldest first."""
        ...

    def applied(self, command: str, error: str = "") -> None:
        """Mark a command as applied. Writes no event."""
        ...
