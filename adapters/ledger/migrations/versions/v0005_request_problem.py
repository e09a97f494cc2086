"""Why a request did not start by itself."""

from alembic import op

from adapters.ledger.columns import optional_texts

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; nothing was tried before."""
    for column in optional_texts("problem"):
        op.add_column("requests", column)
    op.execute("UPDATE meta SET schema = 5")
