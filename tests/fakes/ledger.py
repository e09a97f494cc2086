"""A ledger in memory that keeps the promises of the real one."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sqlalchemy import UniqueConstraint

from adapters.ledger.chain import Chain
from adapters.ledger.codec import as_stored, digest, plain, to_row
from adapters.ledger.history import run_of
from adapters.ledger.naming import one_of, prefix
from adapters.ledger.tables import TABLES
from adapters.ledger.transaction import conflict, duplicate, no_run
from factory.errors import Missing
from factory.model.audit import ChainHead, Command, Event
from factory.model.cost import Budget
from factory.model.identity import Entity
from factory.model.outbox import PortHealth
from factory.model.run import Run
from factory.model.step import Attempt, Gauge
from factory.model.view import RunRow, RunView
from factory.ports.clock import Clock
from factory.ports.ledger import Transaction
from tests.fakes.clock import FixedClock
from tests.fakes.run_row import row_of, view_of

E = TypeVar("E", bound=Entity)
T = TypeVar("T")


@dataclass
class _Books:
    """What is stored, by kind and id, in the order of birth."""

    entities: dict[type[Entity], dict[str, Entity]] = field(default_factory=lambda: {kind: {} for kind in TABLES})
    events: list[Event] = field(default_factory=list)

    def copy(self) -> "_Books":
        return _Books({kind: dict(rows) for kind, rows in self.entities.items()}, list(self.events))

    def head(self) -> ChainHead:
        return ChainHead(self.events[-1].seq, self.events[-1].hash) if self.events else ChainHead()

    def get(self, kind: type[E], id: str) -> E:
        found = self.find(kind, id=id)
        if not found:
            raise Missing(f"There is no {kind.__name__.lower()} {id}.")
        return found[0]

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        rows = (entity for entity in self.entities[kind].values() if isinstance(entity, kind))
        return tuple(row for row in rows if all(_fits(getattr(row, name), value) for name, value in equal.items()))

    def store(self, entity: Entity) -> None:
        self.entities[type(entity)][entity.id] = entity


class MemoryTransaction:
    """`Transaction` on a copy of the books."""

    def __init__(self, books: _Books, chain: Chain, at: str) -> None:
        self._books = books
        self._chain = chain
        self._at = at

    def get(self, kind: type[E], id: str) -> E:
        """The stored entity. Raises `Missing`."""
        return self._books.get(kind, id)

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        """All entities of a kind with these values, oldest first."""
        return self._books.find(kind, **equal)

    def put(self, entity: E, action: str, detail: Mapping[str, Any] | None = None) -> E:
        """Store a new entity or its next version, with exactly one event. Raises `Refused`."""
        before = self._before(entity)
        stored = as_stored(entity, before, self._at)
        self._check(stored)
        self._books.store(stored)
        self._chain.add(
            action, stored.id, detail, namespace=stored.namespace, run=run_of(stored),
            before=digest(plain(before)) if before else "", after=digest(plain(stored)),
        )  # fmt: skip
        return stored

    def leave(self, command: Command) -> None:
        """Leave a wish for the worker; writes no event."""
        stored = as_stored(command, None, self._at)
        if self._books.find(Command, id=command.id):
            raise duplicate(command)
        self._check(stored)
        self._books.store(stored)

    def note(self, action: str, object: str, run: str = "", detail: Mapping[str, Any] | None = None) -> None:
        """Write an event that changes no entity."""
        for owner in self._books.find(Run, id=run) or (Entity(id=""),):
            self._chain.add(action, object, detail, namespace=owner.namespace, run=run)

    def _before(self, entity: E) -> E | None:
        found = self._books.find(type(entity), id=entity.id)
        version = found[0].version if found else 0
        if not entity.version and found:
            raise duplicate(entity)
        if entity.version != version:
            raise conflict(entity, version)
        return found[0] if found else None

    def _check(self, entity: Entity) -> None:
        run = run_of(entity)
        if run and not isinstance(entity, Run) and not self._books.find(Run, id=run):
            raise no_run(entity)
        for other in self._books.entities[type(entity)].values():
            if other.id != entity.id and _clash(entity, other):
                raise duplicate(entity)


def _clash(one: Entity, other: Entity) -> bool:
    """Whether two entities have the same value of a unique key. NULL never equals NULL."""
    a, b = to_row(TABLES[type(one)], plain(one)), to_row(TABLES[type(other)], plain(other))
    for rule in TABLES[type(one)].constraints:
        if isinstance(rule, UniqueConstraint):
            names = [column.name for column in rule.columns]
            if all(a[name] is not None and a[name] == b[name] for name in names):
                return True
    return False


class MemoryLedger:
    """`Ledger` without a database.

    Args:
        clock: Tells the times; a `FixedClock` of its own when there is none.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or FixedClock()
        self._books = _Books()
        self._turn = threading.Lock()

    def write(self, actor: str, work: Callable[[Transaction], T], key: str = "") -> T | None:
        """Run `work` in one transaction; None and nothing done when an event carries `key` already."""
        with self._turn:
            books = self._books.copy()
            if key and any(event.key == key for event in books.events):
                return None
            at = self.clock.now()
            chain = Chain(books.head(), actor, at, key)
            result = work(MemoryTransaction(books, chain, at))
            books.events += chain.events
            self._books = books
        return result

    def get(self, kind: type[E], id: str) -> E:
        """Read one entity. Raises `Missing`."""
        return self._books.get(kind, id)

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        """Read all entities of a kind with these values, oldest first."""
        return self._books.find(kind, **equal)

    def run_ids(self) -> tuple[str, ...]:
        """Ids of all runs, oldest first."""
        return tuple(run.id for run in self.find(Run))

    def beat(self, attempt: str, heartbeat: str, progress: str, gauge: Gauge | None = None, session: str = "") -> None:
        """Note when an attempt was last seen alive and moving, and how it stands. Raises `Missing`."""
        with self._turn:
            known = self.get(Attempt, attempt)
            seen = replace(
                known,
                last_heartbeat=heartbeat or known.last_heartbeat,
                last_progress=progress or known.last_progress,
                gauge=gauge or known.gauge,
                session_ref=session or known.session_ref,
            )
            self._books.store(seen)

    def resolve(self, text: str) -> str:
        """The id of the run that the operator means. Raises `Missing`."""
        ids = [run.id for run in reversed(self.find(Run))]
        if text == "last":
            return one_of(ids[:1], text)
        start = prefix(text)
        return start if start in ids else one_of(_fitting(ids, start), text)

    def view(self, run: str) -> RunView:
        """Everything about one run. Raises `Missing`."""
        now = self.clock.now()
        picture = self._picture(run)
        names = {picture.run.namespace, f"{picture.run.namespace}:{now[:10]}"}
        return replace(picture, shared=tuple(b for b in self.find(Budget, run="") if b.subject in names), as_of=now)

    def _picture(self, run: str) -> RunView:
        books = self._books
        mine = [event for event in books.events if event.run == run]
        view = view_of(books.get(Run, run), lambda kind: books.find(kind, run=run))
        return replace(view, health=books.find(PortHealth), events=tuple(mine[-50:]), head=books.head())

    def rows(
        self, limit: int = 50, state: str = "", ids: Sequence[str] | None = None, skip: int = 0
    ) -> tuple[RunRow, ...]:
        """Runs as list lines, newest first."""
        found = [run.id for run in reversed(self.find(Run)) if state in ("", run.state)]
        wanted = found[skip:][:limit] if ids is None else [id for id in found if id in ids]
        return tuple(row_of(self._picture(id)) for id in wanted)

    def events(
        self, since: int = 0, limit: int = 1000, run: str = "", actions: Sequence[str] = ()
    ) -> tuple[Event, ...]:
        """Events with `seq > since`, oldest first; only of these actions, when any are named."""
        found = (event for event in self._books.events[since:] if run in ("", event.run))
        return tuple(event for event in found if not actions or event.action in actions)[:limit]

    def head(self) -> ChainHead:
        """Count and hash of the newest event."""
        return self._books.head()

    def stamp(self) -> int:
        """Nobody can tell."""
        return 0

    def pending(self) -> tuple[Command, ...]:
        """Commands that no worker has applied yet, oldest first."""
        return self.find(Command, applied_at="")

    def applied(self, command: str, error: str = "") -> None:
        """Mark a command as applied. Raises `Missing`."""
        now = self.clock.now()
        with self._turn:
            mine = self.get(Command, command)
            self._books.store(replace(mine, applied_at=now, updated_at=now, error=error, version=mine.version + 1))


def _fits(held: Any, wanted: Any) -> bool:
    return held in wanted if isinstance(wanted, list) else held == wanted


def _fitting(ids: Sequence[str], start: str) -> list[str]:
    """Those that begin so; else, for four letters, those that end so."""
    named = [id for id in ids if id.startswith(start)]
    return named if named or len(start) != len("run_1234") else [id for id in ids if id.endswith(start[4:])]
