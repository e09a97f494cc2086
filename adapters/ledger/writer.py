"""The one connection that writes, kept from one transaction to the next."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from adapters.ledger.database import Database


class Writer:
    """Transactions one after the other; for one thread at a time.

    To take a connection out of the pool and put it back costs as much as a small transaction on a fast disk.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is stored, or nothing. After an error the next one gets a fresh connection."""
        try:
            with self._database.speaking():
                connection = self._connection = self._connection or self._database.engine.connect()
                self._database.begin(connection, True)
                yield connection
                connection.commit()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the connection, and of what was not committed."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
