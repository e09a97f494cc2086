"""How Alembic runs our migrations: on the connection and in the transaction that it is given."""

from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection, text

connection: Connection = context.config.attributes["connection"]


def say_schema(ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]) -> None:
    """Write down the number of the schema, where clients compare it."""
    connection.execute(text("UPDATE meta SET schema = :number"), {"number": int(step.up_revision_id or 0)})


context.configure(connection=connection, transactional_ddl=True, on_version_apply=say_schema)
with context.begin_transaction():
    context.run_migrations()
