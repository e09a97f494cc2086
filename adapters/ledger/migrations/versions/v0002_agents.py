"""What driven agents need: permission requests, and how an attempt stands, ended and goes on."""

from alembic import op
from sqlalchemy import Index, MetaData, Table, UniqueConstraint

from adapters.ledger.columns import (
    NAMES,
    flags,
    identity,
    numbers,
    optional_nested,
    optional_texts,
    owner,
    texts,
)

revision = "0002"
down_revision = "0001"

METADATA = MetaData(naming_convention=NAMES)
Table("runs", METADATA, *identity())
PERMISSIONS = Table(
    "permissions", METADATA, *identity(), *owner(),
    *texts("step attempt ask kind title tier input reason state words by answered_at"),
    *numbers("spent_micros"),
    *flags("always"),
    UniqueConstraint("attempt", "ask"),
    Index("ix_permissions_state", "state"),
)  # fmt: skip


def upgrade() -> None:
    """Add the columns and the table; attempts of before have none of it."""
    for column in (*optional_texts("outcome resets_at resumes"), *optional_nested("gauge")):
        op.add_column("attempts", column)
    PERMISSIONS.create(op.get_bind())
    op.execute("UPDATE meta SET schema = 2")
