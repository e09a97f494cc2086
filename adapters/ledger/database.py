"""A database as the ledger uses it: transactions that read, transactions that write, and our own errors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from factory.errors import Malformed, SourceError


@dataclass(frozen=True)
class Database:
    """One database, whichever kind."""

    engine: Engine
    explain: Callable[[BaseException], SourceError]
    """What a failure of this kind of database means to the operator."""
    begin: Callable[[Connection, bool], object] = lambda connection, writes: connection.begin()
    """Begins a transaction, one that writes or one that reads."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One moment of the database, without holding up who writes."""
        with self.speaking(), self.engine.connect() as connection:
            self.begin(connection, False)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is stored, or nothing."""
        with self.speaking(), self.engine.connect() as connection:
            self.begin(connection, True)
            yield connection
            connection.commit()

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Turn what the driver raises into our own errors, but for our own mistakes."""
        driver = self.engine.dialect.loaded_dbapi
        try:
            yield
        except (DBAPIError, driver.Error) as error:
            cause = (error.orig if isinstance(error, DBAPIError) else None) or error
            if isinstance(cause, (driver.IntegrityError, driver.InterfaceError, driver.ProgrammingError)):
                raise  # a defect of ours, not of the database
            raise self.explain(cause) from error
        except UnicodeEncodeError as error:
            raise Malformed(f"{error.object!a} is not valid Unicode.") from error
