"""Brings a ledger to the schema of this program. For the worker: nobody else imports Alembic."""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from adapters.ledger.open import open_database, schema_of
from adapters.ledger.schema import check_schema
from adapters.ledger.tables import SCHEMA

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(where: Path | str, versions: Sequence[Path] = (MIGRATIONS / "versions",)) -> None:
    """Migrate the ledger at a path or URL, or make it, in one transaction: all of it or nothing.

    Raises:
        Refused: `newer_schema`.
        Unreachable: somebody else holds it, or it cannot be written.
        Malformed: it is something else.
    """
    database = open_database(where, create=True)
    try:
        check_schema(max(schema_of(database) or 0, SCHEMA), str(where))
        with database.writing() as connection:
            command.upgrade(_config(connection, versions), "head")
    finally:
        database.engine.dispose()


def _config(connection: Connection, versions: Sequence[Path]) -> Config:
    config = Config()
    config.set_main_option("script_location", _plain(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(_plain, versions)))
    config.attributes["connection"] = connection
    return config


def _plain(path: Path) -> str:
    return str(path).replace("%", "%%")
