"""A database as the ledger uses it: transactions that read, transactions that write, and our own errors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from factory.errors import Malformed, SourceError

WRITES = "ledger_writes"
"""The execution option of a transaction that is going to write."""


@dataclass(frozen=True)
class Database:
    """One database, whichever kind."""

    engine: Engine
    explain: Callable[[BaseException], SourceError]
    """What a failure of this kind of database means to the operator."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One moment of the database, without holding up who writes."""
        with self._our_errors(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is stored, or nothing."""
        with self._our_errors(), self.engine.connect() as connection:
            connection.execution_options(**{WRITES: True})
            with connection.begin():
                yield connection

    @contextmanager
    def _our_errors(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise  # who wrote the row knows what it means
        except DBAPIError as error:
            raise self.explain(error.orig or error) from error
        except UnicodeEncodeError as error:
            raise Malformed(f"{error.object!a} is not valid Unicode.") from error
