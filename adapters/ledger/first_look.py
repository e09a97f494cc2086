"""The newest goals from the ledger's file before the ledger's libraries are there: SQLite's own only, in milliseconds.

The screen shows it at once; what follows is read by the ledger itself. A contract test holds it to `rows`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from adapters.ledger.schema import SCHEMA
from adapters.ledger.sqlite_rows import newest_ids, sqlite_rows
from factory.errors import Unreachable

if TYPE_CHECKING:
    from factory.model.view import RunRow

MOST = 200
"""Enough goals for any screen; the older ones are read when the screen is there."""
WAIT_S = 0.02
"""How long a look waits for who holds the file; somebody waits for the picture."""


class Look(NamedTuple):
    """What a first look found."""

    rows: tuple[RunRow, ...]
    """Newest first."""
    is_all: bool
    """Whether there are no older goals."""


def first_look(ledger: Path, most: int = MOST) -> Look | None:
    """The newest goals; None when this is no ledger that can be used as it is.

    Raises:
        Unreachable: `locked`, somebody holds it just now.
    """
    try:
        with closing(_connected(ledger)) as connection:
            connection.execute("BEGIN")
            return _look(connection, most) if _schema(connection) == SCHEMA else None
    except sqlite3.Error as error:
        if held := _held(ledger, error):
            raise held from error
    return None


def is_usable(ledger: Path) -> bool:
    """Whether there is a ledger that this program reads and writes as it is, however many goals it holds."""
    try:
        with closing(_connected(ledger)) as connection:
            return _schema(connection) == SCHEMA
    except sqlite3.Error:
        return False


def is_held(ledger: Path) -> Unreachable | None:
    """Why the ledger cannot be opened just now without waiting; None when it can, or nobody knows yet."""
    try:
        with closing(_connected(ledger)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error as error:
        return _held(ledger, error)
    return None


def _connected(ledger: Path) -> sqlite3.Connection:
    # rw: makes no ledger where there is none.
    return sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=rw", uri=True, timeout=WAIT_S)


def _held(ledger: Path, error: sqlite3.Error) -> Unreachable | None:
    if "locked" not in str(error):
        return None
    return Unreachable(f"The ledger is held by another process: {ledger}.", "End that process.", "locked")


def _look(connection: sqlite3.Connection, most: int) -> Look:
    ids = newest_ids(connection, most)
    return Look(sqlite_rows(connection, ids), len(ids) < most)


def _schema(connection: sqlite3.Connection) -> int | None:
    (schema,) = connection.execute("SELECT schema FROM meta").fetchone() or (None,)
    return schema
