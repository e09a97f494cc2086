"""The ledger in an SQL database: the embedded Mission Control."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, update

from adapters.ledger import reading
from adapters.ledger.chain import Chain
from adapters.ledger.database import Database
from adapters.ledger.history import add_beat
from adapters.ledger.resolve import resolve
from adapters.ledger.rows import read_rows
from adapters.ledger.statements import select_key
from adapters.ledger.tables import ATTEMPTS, COMMANDS
from adapters.ledger.transaction import SqlTransaction
from adapters.ledger.view import read_view
from adapters.ledger.writer import Writer
from factory.errors import Missing, Unreachable
from factory.model.audit import ChainHead, Command, Event
from factory.model.identity import Entity
from factory.model.step import Gauge
from factory.model.view import RunRow, RunView
from factory.ports.clock import Clock
from factory.ports.ledger import Transaction

E = TypeVar("E", bound=Entity)
T = TypeVar("T")

TURN_TIMEOUT_S = 30.0
"""How long a thread waits for another one of this process to finish writing."""


class SqlLedger:
    """`Ledger` over any database that SQLAlchemy speaks to. Threads may share it. `open_ledger` makes one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._turn = threading.Lock()
        self._writer = Writer(database)

    def write(self, actor: str, work: Callable[[Transaction], T], key: str = "") -> T | None:
        """Run `work` in one transaction; None and nothing done when an event carries `key` already."""
        with self._writing() as connection:
            head = reading.chain_head(connection, hold=True)
            if key and _is_known(connection, key):
                return None
            at = self._clock.now()
            transaction = SqlTransaction(connection, Chain(head, actor, at, key), at)
            result = work(transaction)
            transaction.finish()
        return result

    def get(self, kind: type[E], id: str) -> E:
        """Read one entity. Raises `Missing`."""
        with self._database.reading() as connection:
            return reading.get(connection, kind, id)

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        """Read all entities of a kind with these column values, oldest first."""
        with self._database.reading() as connection:
            return reading.find(connection, kind, **equal)

    def run_ids(self) -> tuple[str, ...]:
        """Ids of all runs, oldest first."""
        with self._database.reading() as connection:
            return reading.run_ids(connection)

    def beat(self, attempt: str, heartbeat: str, progress: str, gauge: Gauge | None = None, session: str = "") -> None:
        """Note when an attempt was last seen alive and moving, and how it stands. Raises `Missing`."""
        with self._writing() as connection:
            beaten = update(ATTEMPTS).where(ATTEMPTS.c.id == attempt)
            noted = {"last_progress": progress, "session_ref": session}
            seen: dict[str, Any] = {
                "last_heartbeat": heartbeat,
                **{name: value for name, value in noted.items() if value},
            }
            if gauge is not None:
                seen["gauge"] = msgspec.to_builtins(gauge)
            if not connection.execute(beaten.values(seen)).rowcount:
                raise Missing(f"There is no attempt {attempt}.")
            connection.execute(add_beat(attempt, seen))

    def resolve(self, text: str) -> str:
        """The id of the run that the operator means. Raises `Missing`."""
        with self._database.reading() as connection:
            return resolve(connection, text)

    def view(self, run: str) -> RunView:
        """Everything about one run. Raises `Missing`."""
        with self._database.reading() as connection:
            return read_view(reading.SqlBooks(connection), run, self._clock.now())

    def rows(
        self, limit: int = 50, state: str = "", ids: Sequence[str] | None = None, skip: int = 0
    ) -> tuple[RunRow, ...]:
        """Runs as list lines, newest first, without the newest `skip`; neither number cuts a list of ids."""
        with self._database.reading() as connection:
            return read_rows(connection, limit, state, ids, skip)

    def events(
        self, since: int = 0, limit: int = 1000, run: str = "", actions: Sequence[str] = ()
    ) -> tuple[Event, ...]:
        """Events with `seq > since`, oldest first; only of these actions, when any are named."""
        with self._database.reading() as connection:
            return reading.events(connection, since, limit, run, actions)

    def head(self) -> ChainHead:
        """Count and hash of the newest event; reads one row."""
        with self._database.reading() as connection:
            return reading.chain_head(connection)

    def stamp(self) -> int:
        """Nobody can tell."""
        return 0

    def pending(self) -> tuple[Command, ...]:
        """Commands that no worker has applied yet, oldest first."""
        return self.find(Command, applied_at="")

    def applied(self, command: str, error: str = "") -> None:
        """Mark a command as applied. Raises `Missing`."""
        now = self._clock.now()
        values: Mapping[str, Any] = {"applied_at": now, "updated_at": now, "error": error}
        with self._writing() as connection:
            marked = update(COMMANDS).where(COMMANDS.c.id == command)
            if not connection.execute(marked.values(**values, version=COMMANDS.c.version + 1)).rowcount:
                raise Missing(f"There is no command {command}.")

    def close(self) -> None:
        """Let go of the database."""
        self._writer.close()
        self._database.engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        # Threads queue here: the database's own waiting between processes is by polling, and slower.
        if not self._turn.acquire(timeout=TURN_TIMEOUT_S):
            raise Unreachable("Another thread has been writing to the ledger for too long.", code="locked")
        try:
            with self._writer.writing() as connection:
                yield connection
        finally:
            self._turn.release()


def _is_known(connection: Connection, key: str) -> bool:
    return select_key(connection.dialect).run(connection, {"wanted": key}) is not None
