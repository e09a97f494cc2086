"""What the ledger writes, written again without the ledger: the same rows through plain sqlite3."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection

from adapters.ledger.statements import Prepared

Statement = tuple[str, tuple[Any, ...]]
"""SQL and its values."""


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Every INSERT and UPDATE that ledgers of this process make meanwhile, in their order."""
    found: list[Statement] = []
    one: Callable[[Prepared, Connection, Mapping[str, Any]], Any] = Prepared.run

    def run(self: Prepared, connection: Connection, values: Mapping[str, Any]) -> Any:
        if self.text.startswith(("INSERT", "UPDATE")):
            found.append((self.text, tuple(values[name] for name in self._order or ())))
        return one(self, connection, values)

    def run_all(self: Prepared, connection: Connection, values: Iterable[Mapping[str, Any]]) -> None:
        for each in values:
            run(self, connection, each)

    with patch.object(Prepared, "run", run), patch.object(Prepared, "run_all", run_all):
        yield found


class BareWriter:
    """Transactions on a copy of a ledger's file, with the same PRAGMAs as the ledger's own."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA foreign_keys=ON")

    def write(self, statements: Sequence[Statement]) -> None:
        """One transaction."""
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        for sql, values in statements:
            execute(sql, values)
        execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
