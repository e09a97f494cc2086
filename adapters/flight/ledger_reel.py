"""The frames of a run in the ledger's own file, read with SQLite's own library: nothing waits for the large ones."""

import heapq
import sqlite3
import threading
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from adapters.flight.frame import Frame, Line, framed
from adapters.ledger.schema import check_schema
from adapters.ledger.sqlite_books import read_events
from adapters.ledger.sqlite_file import BUSY_TIMEOUT_S, explain, identity
from factory.errors import Missing, Refused

PAGE = 256
"""Frames that are read together."""

_NO_END = 2**62
_OF_NO_RUN = "run = '' AND kind IN ('port_health', 'budgets')"
"""What every run shows and none owns. Requests are not: they are goals of others."""
_ASIDE = f"SELECT seq FROM history WHERE {_OF_NO_RUN} AND seq BETWEEN ? AND ?"  # noqa: S608 - ours
_LINES = 'SELECT seq, run, kind, entity, "values", number FROM history'
_BEFORE = f"""
SELECT seq, run, kind, entity, "values", number FROM history JOIN (
    SELECT min(number) AS born, max(number) AS newest FROM history WHERE {_OF_NO_RUN} AND seq < ? GROUP BY kind, entity
) ON number = newest ORDER BY born
"""  # noqa: S608 - ours
_IN_ORDER = "ORDER BY seq, number"


class LedgerReel:
    """`Reel` over a ledger that may be written meanwhile: it ends where the run was when this was opened.

    Args:
        path: The ledger's file; it has to be there, and of this schema.
        run: Id of the run.

    Raises:
        Missing: there is no such run.
        Refused: `not_recorded`, the run began before the ledger kept its history; `older_schema`, `newer_schema`.
        Unreachable, Malformed: the file cannot be read.
    """

    def __init__(self, path: Path, run: str) -> None:
        self._path = path
        self._turn = threading.Lock()
        self.run = run
        identity(path)
        where = f"{path.absolute().as_uri()}?mode=rw"  # makes none where there is none
        self._connection = sqlite3.connect(
            where, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            with self._reading() as connection:
                (schema,) = connection.execute("SELECT schema FROM meta").fetchone() or (0,)
                check_schema(schema, str(path))
                _check_recorded(connection, run)
                self.seqs = array("q", _seqs(connection, run))
                self.before = [_line(row) for row in connection.execute(_BEFORE, (self.seqs[0],))]
                (self._newest,) = connection.execute("SELECT max(number) FROM history").fetchone()
        except BaseException:
            self.close()
            raise

    def frames(self, start: int, stop: int) -> Iterator[Frame]:
        """The frames at these places, oldest first; a page is read at a time, so that nobody waits for who looks."""
        stop = min(stop, len(self.seqs))
        for place in range(start, stop, PAGE):
            yield from self._page(place, min(place + PAGE, stop))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _page(self, start: int, stop: int) -> list[Frame]:
        first, last = self.seqs[start], self.seqs[stop - 1]
        until = self.seqs[stop] - 1 if stop < len(self.seqs) else _NO_END
        with self._reading() as connection:
            return list(framed(self._events(connection, first, last), self._lines(connection, first, until)))

    def _events(self, connection: sqlite3.Connection, first: int, last: int) -> Iterator[Any]:
        mine = read_events(connection, "run = ? AND seq BETWEEN ? AND ? ORDER BY seq", (self.run, first, last))
        aside = read_events(connection, f"run = '' AND seq IN ({_ASIDE}) ORDER BY seq", (first, last))
        return heapq.merge(mine, aside, key=attrgetter("seq"))

    def _lines(self, connection: sqlite3.Connection, first: int, until: int) -> Iterator[Line]:
        """Lines of the run, and of no run; the beats after its last event too."""
        place = "seq BETWEEN ? AND ? AND number <= ?"
        span = (first, until, self._newest)
        mine = connection.execute(f"{_LINES} WHERE run = ? AND {place} {_IN_ORDER}", (self.run, *span))
        last = min(until, self.seqs[-1])
        aside = connection.execute(f"{_LINES} WHERE {_OF_NO_RUN} AND {place} {_IN_ORDER}", (first, last, self._newest))
        return map(_line, heapq.merge(mine, aside, key=lambda row: (row[0], row[-1])))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            try:
                self._connection.execute("BEGIN")  # one moment of the file
                yield self._connection
            except sqlite3.Error as error:
                raise explain(self._path, error) from error
            finally:
                if self._connection.in_transaction:
                    self._connection.rollback()


def _line(row: tuple[Any, ...]) -> Line:
    seq, run, kind, entity, values, _ = row
    return Line(seq, run, kind, entity, msgspec.json.decode(values))


def _seqs(connection: sqlite3.Connection, run: str) -> list[int]:
    """Of every event of the run, and of those between that change what belongs to no run."""
    words = "SELECT seq FROM events WHERE run = ? ORDER BY seq"
    mine = [seq for (seq,) in connection.execute(words, (run,))]
    aside = [seq for (seq,) in connection.execute(_ASIDE, (mine[0], mine[-1]))]
    return sorted({*mine, *aside}) if aside else mine


def _check_recorded(connection: sqlite3.Connection, run: str) -> None:
    """Whether the history of a run is there from its first event on. Raises `Missing`, `Refused`."""
    if connection.execute("SELECT 1 FROM runs WHERE id = ?", (run,)).fetchone() is None:
        raise Missing(f"There is no run {run!r}.", "cockpit status")
    first = connection.execute(
        f"{_LINES} WHERE run = ? AND kind = 'runs' ORDER BY seq, number LIMIT 1", (run,)
    ).fetchone()
    if first is None or _line(first).values.get("version") != 1:
        why = f"{run} began before its ledger kept a history, so there is nothing to replay."
        raise Refused(why, "Runs that are started from now on can be replayed.", "not_recorded")
