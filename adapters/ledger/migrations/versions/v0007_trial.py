"""Which way of checking a run was given, while two are compared."""

from alembic import op
from sqlalchemy import Index, MetaData, Table, UniqueConstraint

from adapters.ledger.columns import NAMES, identity, numbers, texts

revision = "0007"
down_revision = "0006"

METADATA = MetaData(naming_convention=NAMES)
ASSIGNMENTS = Table(
    "assignments", METADATA, *identity(),
    *texts("given_to arm stratum block why"),
    *numbers("place"),
    UniqueConstraint("given_to"),
    Index("ix_assignments_stratum", "stratum"),
)  # fmt: skip


def upgrade() -> None:
    """Add the table; nothing was compared before."""
    ASSIGNMENTS.create(op.get_bind())
    op.execute("UPDATE meta SET schema = 7")
