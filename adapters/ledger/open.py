"""Opens the ledger; whoever comes first makes it."""

from pathlib import Path

from sqlalchemy import Connection, create_engine, insert, inspect, make_url, select

from adapters.ledger import sqlite
from adapters.ledger.database import Database
from adapters.ledger.ledger import SqlLedger
from adapters.ledger.schema import check_schema
from adapters.ledger.tables import ALEMBIC, CHAIN, META, METADATA, SCHEMA
from factory.errors import SourceError, Unreachable
from factory.model.audit import GENESIS, canonical_json
from factory.ports.clock import Clock


def open_ledger(where: Path | str, clock: Clock, create: bool = True) -> SqlLedger:
    """The ledger at a path or database URL.

    Args:
        where: A file, or what SQLAlchemy takes as a URL.
        clock: Tells the times of what will be written.
        create: Make the whole ledger, empty, when there is none. Two processes may do it at once.

    Raises:
        Missing: there is none, and `create` is off.
        Refused: `newer_schema`, or `older_schema`, which the worker migrates.
        Malformed: it is something else.
        Unreachable: it cannot be read or made.
    """
    database = open_database(where, create=create)
    try:
        if schema_of(database) is None:
            with database.writing() as connection:
                make_tables(connection)
        check_schema(schema_of(database) or 0, str(where))
    except SourceError:
        database.engine.dispose()
        raise
    return SqlLedger(database, clock)


def open_database(where: Path | str, *, create: bool) -> Database:
    """The database at a path or URL, whatever is in it."""
    text = str(where)
    if "://" not in text:
        return sqlite.open_file(Path(text), create=create)
    url = make_url(text)
    if url.get_backend_name() == "sqlite":
        return sqlite.open_file(Path(url.database or ""), create=create)
    return Database(create_engine(url, json_serializer=canonical_json), _explain)


def schema_of(database: Database) -> int | None:
    """The number of the schema in a database; None when there is no ledger in it yet."""
    with database.reading() as connection:
        if not inspect(connection).has_table(META.name):
            return None
        return int(connection.execute(select(META.c.schema)).scalar_one())


def is_current(where: Path | str) -> bool:
    """Whether there is a ledger with the schema of this program. Raises what `open_ledger` raises for a bad file."""
    database = open_database(where, create=True)
    try:
        return schema_of(database) == SCHEMA
    finally:
        database.engine.dispose()


def make_tables(connection: Connection) -> None:
    """Make a whole, empty ledger, unless another process was faster."""
    if inspect(connection).has_table(META.name):
        return
    METADATA.create_all(connection, checkfirst=False)
    connection.execute(insert(META).values(id=1, schema=SCHEMA))
    connection.execute(insert(CHAIN).values(id=1, count=0, hash=GENESIS))
    connection.execute(insert(ALEMBIC).values(version_num=f"{SCHEMA:04d}"))


def _explain(error: BaseException) -> SourceError:
    return Unreachable(f"The ledger's database cannot be used: {error}.")
