"""Which attempts of coders are a check of their own work, in a trial."""

from alembic import op

from adapters.ledger.columns import later_flags

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column; nobody checked itself before."""
    for column in later_flags("is_self_check"):
        op.add_column("attempts", column)
    op.execute("UPDATE meta SET schema = 8")
