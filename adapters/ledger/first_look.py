"""The list of goals from the ledger's file before the ledger's libraries are there: SQLite's own only, in milliseconds.

The screen shows it at once; what follows is read by the ledger itself. A contract test holds it to `rows`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.ledger.schema import SCHEMA
from adapters.ledger.sqlite_rows import sqlite_rows
from factory.errors import Unreachable

if TYPE_CHECKING:
    from factory.model.view import RunRow

MOST = 1000
"""More goals than that are not read before the first picture."""
WAIT_S = 0.02
"""How long a look waits for who holds the file; somebody waits for the picture."""


def first_look(ledger: Path) -> tuple[RunRow, ...] | None:
    """The goals, newest first; None when this is no ledger that can be used as it is, or it holds very many.

    Raises:
        Unreachable: `locked`, somebody holds it just now.
    """
    try:
        with closing(_connected(ledger)) as connection:
            connection.execute("BEGIN")
            return sqlite_rows(connection) if _is_usable(connection) else None
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
    return Unreachable(f"The ledger {ledger} is held by another process.", "End that process.", "locked")


def _is_usable(connection: sqlite3.Connection) -> bool:
    (count,) = connection.execute("SELECT count(*) FROM runs").fetchone()
    return bool(_schema(connection) == SCHEMA and count <= MOST)


def _schema(connection: sqlite3.Connection) -> int | None:
    (schema,) = connection.execute("SELECT schema FROM meta").fetchone() or (None,)
    return schema
