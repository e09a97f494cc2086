"""The ledger of a client that looks all day and seldom writes: reads need SQLite's own library and no other.

Large libraries are loaded when something is written for the first time. Each read costs a fraction of what wording it
anew would, and a client without them is half as large.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from adapters.ledger.naming import SHOWN, meant
from adapters.ledger.schema import check_schema
from adapters.ledger.sqlite_books import SqliteBooks
from adapters.ledger.sqlite_file import BUSY_TIMEOUT_S, explain, identity
from adapters.ledger.sqlite_rows import newest_ids, sqlite_rows
from adapters.ledger.view import read_view
from factory.errors import Malformed
from factory.model.audit import ChainHead, Event
from factory.model.identity import Entity
from factory.model.view import RunRow, RunView
from factory.ports.ledger import Ledger

E = TypeVar("E", bound=Entity)

_FITTING = f"""
SELECT id FROM runs WHERE substr(id, 1, length(?1)) = ?1 AND (?2 = '' OR substr(id, -length(?3)) = ?3)
ORDER BY born DESC LIMIT {SHOWN + 1}
"""  # noqa: S608 - ours


class LookingLedger:
    """`Ledger` on a SQLite file. Threads may share it; one reads at a time.

    Args:
        path: The file; it has to be there.
        now: Tells the time, UTC: when a view was read.
        whole: Opens the ledger that does all the rest; called when it is needed.
    """

    def __init__(self, path: Path, now: Callable[[], str], whole: Callable[[], Ledger]) -> None:
        self._path = path
        self._now = now
        self._whole = whole
        self._turn = threading.Lock()
        self._file: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None

    def get(self, kind: type[E], id: str) -> E:
        """Read one entity. Raises `Missing`."""
        with self._reading() as connection:
            return SqliteBooks(connection).get(kind, id)

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        """Read all entities of a kind with these column values, oldest first."""
        with self._reading() as connection:
            return SqliteBooks(connection).find(kind, **equal)

    def run_ids(self) -> tuple[str, ...]:
        """Ids of all runs, oldest first."""
        with self._reading() as connection:
            return tuple(id for (id,) in connection.execute("SELECT id FROM runs ORDER BY born"))

    def view(self, run: str) -> RunView:
        """Everything about one run. Raises `Missing`."""
        with self._reading() as connection:
            return read_view(SqliteBooks(connection), run, self._now())

    def rows(
        self, limit: int = 50, state: str = "", ids: Sequence[str] | None = None, skip: int = 0
    ) -> tuple[RunRow, ...]:
        """Runs as list lines, newest first, without the newest `skip`; neither number cuts a list of ids."""
        with self._reading() as connection:
            if ids is None:
                return sqlite_rows(connection, newest_ids(connection, limit, state, skip))
            return tuple(row for row in sqlite_rows(connection, ids) if state in ("", row.state))

    def resolve(self, text: str) -> str:
        """The id of the run that the operator means. Raises `Missing`."""
        with self._reading() as connection:
            return meant(text, lambda start, end: [id for (id,) in connection.execute(_FITTING, (start, end, end))])

    def events(
        self, since: int = 0, limit: int = 1000, run: str = "", actions: Sequence[str] = ()
    ) -> tuple[Event, ...]:
        """Events with `seq > since`, oldest first; only of these actions, when any are named."""
        with self._reading() as connection:
            return SqliteBooks(connection).events(since, limit, run, actions)

    def head(self) -> ChainHead:
        """Count and hash of the newest event; reads one row."""
        with self._reading() as connection:
            return SqliteBooks(connection).head()

    def stamp(self) -> int:
        """Another number after every commit of somebody else."""
        with self._reading() as connection:
            (number,) = connection.execute("PRAGMA data_version").fetchone()
            return int(number)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole(), name)

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._drop()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One moment of the file, without holding up who writes."""
        with self._turn:
            try:
                connection = self._open()
                connection.execute("BEGIN")
                yield connection
                connection.rollback()
            except sqlite3.Error as error:
                self._drop()
                raise explain(self._path, error) from error
            except UnicodeEncodeError as error:
                self._drop()
                raise Malformed(f"{error.object!a} is not valid Unicode.") from error
            except BaseException:
                self._drop()
                raise

    def _open(self) -> sqlite3.Connection:
        """The connection to the file that lies there now. Raises `Unreachable`, `Refused`."""
        file = identity(self._path)
        if self._connection is None or file != self._file:
            self._drop()
            where = f"{self._path.absolute().as_uri()}?mode=rw"  # makes none where there is none
            self._connection = sqlite3.connect(
                where, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            self._file = file
            (schema,) = self._connection.execute("SELECT schema FROM meta").fetchone() or (0,)
            check_schema(schema, str(self._path))
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
