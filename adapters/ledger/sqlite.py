"""SQLite, and everything that only SQLite needs: the file, its mode, its PRAGMAs, its errors."""

import errno
import os
import sqlite3
import time
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from adapters.ledger.database import Database
from adapters.ledger.sqlite_file import BUSY_TIMEOUT_S, explain, identity
from factory.errors import Missing, Unreachable
from factory.model.audit import canonical_json

_FILE = "file"
"""Which file a connection has open; one that was deleted or replaced can be read for ever without a sign."""

_CODES = {errno.ENOSPC: "disk_full", errno.EDQUOT: "disk_full", errno.EROFS: "read_only", errno.EACCES: "read_only"}
"""What an error of the file system is called."""


def open_file(path: Path, *, create: bool) -> Database:
    """The database in a file; when it is not there it is made, empty and for its owner alone.

    Raises:
        Missing: there is no such file, and none shall be made.
        Unreachable: `read_only` or `disk_full`.
    """
    if not create and not os.path.exists(path):  # noqa: PTH110 - unlike Path.exists, this never raises
        raise Missing(f"There is no ledger at {path}.", hint="cockpit init")
    if create:
        _make(path)
    return Database(_engine(path), partial(explain, path), partial(_begin, path))


def _make(path: Path) -> None:
    """Make the empty file, unless it is there. The files that SQLite puts beside it get the same mode."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        is_empty = not path.stat().st_size
    except OSError as error:
        code = _CODES.get(error.errno or 0, "")
        why = f"{error.strerror} ({error.filename or path})"
        raise Unreachable(f"The ledger {path} cannot be made: {why}.", "Choose another --home.", code) from error
    if is_empty:
        _use_wal(path)


def _use_wal(path: Path) -> None:
    """Turn an empty file to WAL, where readers never wait; it stays so. Two processes may do it at once."""
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.Error as error:
            failure = explain(path, error)
            if failure.code != "locked" or time.monotonic() > deadline:
                raise failure from error
        time.sleep(0.01)  # SQLite does not wait here: each of the two holds what the other one needs


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"timeout": BUSY_TIMEOUT_S, "isolation_level": None},  # None: `_begin` says BEGIN
        json_serializer=canonical_json,
        max_overflow=-1,
    )
    event.listen(engine, "do_connect", partial(_look_first, path))
    event.listen(engine, "connect", partial(_settle, path))
    return engine


def _look_first(path: Path, *_: object) -> None:
    identity(path)  # nothing is returned: SQLAlchemy would take it for the connection


def _settle(path: Path, connection: Any, record: Any) -> None:
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    record.info[_FILE] = identity(path)


def _begin(path: Path, connection: Connection, writes: bool) -> None:
    if connection.info.get(_FILE) != identity(path):
        connection.invalidate()  # another file lies there now; the next statement opens that one
    # A writer takes the lock before it reads: nothing that it decides on can change before it commits.
    connection.begin()
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")
