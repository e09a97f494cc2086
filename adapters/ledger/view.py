"""Everything about one run, read at one moment."""

from typing import Any, Protocol, TypeVar

from factory.model.audit import ChainHead, Event
from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.evidence import Evidence, Package
from factory.model.gate import Approval, Gate
from factory.model.identity import Entity
from factory.model.outbox import OutboxItem, Page, PortHealth
from factory.model.permission import Permission
from factory.model.run import Run
from factory.model.step import Attempt, Step
from factory.model.thread import Message, Thread
from factory.model.view import RunView

EVENTS_SHOWN = 50
"""How many of its newest events a view carries."""


E = TypeVar("E", bound=Entity)


class Books(Protocol):
    """The ledger at one moment, whatever reads it."""

    def get(self, kind: type[E], id: str) -> E:
        """One entity. Raises `Missing`."""
        ...

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        """All entities of a kind whose columns equal these values, oldest first."""
        ...

    def last_events(self, run: str, limit: int) -> tuple[Event, ...]:
        """The newest events of one run, oldest first."""
        ...

    def head(self) -> ChainHead:
        """Where the chain ends."""
        ...


def read_view(books: Books, run: str, as_of: str) -> RunView:
    """The view of a run. Raises `Missing`."""
    owner = books.get(Run, run)
    return RunView(
        run=owner,
        steps=books.find(Step, run=run),
        attempts=books.find(Attempt, run=run),
        threads=books.find(Thread, run=run),
        messages=books.find(Message, run=run),
        gates=books.find(Gate, run=run),
        approvals=books.find(Approval, run=run),
        evidence=books.find(Evidence, run=run),
        packages=books.find(Package, run=run),
        costs=books.find(CostEntry, run=run),
        budgets=books.find(Budget, run=run),
        shared=_shared(books, owner.namespace, as_of[:10]),
        blockers=books.find(Blocker, run=run),
        outbox=books.find(OutboxItem, run=run),
        pages=books.find(Page, run=run),
        health=books.find(PortHealth),
        permissions=books.find(Permission, run=run),
        events=books.last_events(run, EVENTS_SHOWN),
        head=books.head(),
        as_of=as_of,
    )


def _shared(books: Books, namespace: str, day: str) -> tuple[Budget, ...]:
    """The caps of a day and of the namespace, as far as any agent has counted against them."""
    return books.find(Budget, subject=f"{namespace}:{day}", scope="day") + books.find(
        Budget, subject=namespace, scope="namespace"
    )
