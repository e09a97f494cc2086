"""What cost reviews need: the request at a gate, and caps that are found by whose they are."""

from alembic import op

from adapters.ledger.columns import optional_nested

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column and the index; gates of before have no request."""
    for column in optional_nested("request"):
        op.add_column("gates", column)
    op.create_index("ix_budgets_subject", "budgets", ["subject"])
    op.execute("UPDATE meta SET schema = 3")
