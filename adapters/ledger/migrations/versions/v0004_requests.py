"""What mission control knows and we do not: requests; and which version a system has."""

from alembic import op
from sqlalchemy import Index, MetaData, Table

from adapters.ledger.columns import NAMES, identity, nested, optional_texts, texts

revision = "0004"
down_revision = "0003"

METADATA = MetaData(naming_convention=NAMES)
REQUESTS = Table(
    "requests", METADATA, *identity(),
    *texts("ref goal text priority repo by state run seen_at"),
    *nested("accept"),
    Index("ix_requests_state", "state"),
    Index("ix_requests_ref", "ref"),
    Index("ix_requests_run", "run"),
)  # fmt: skip


def upgrade() -> None:
    """Add the table and the column; systems of before tell their version at the next look."""
    for column in optional_texts("release"):
        op.add_column("port_health", column)
    REQUESTS.create(op.get_bind())
    op.execute("UPDATE meta SET schema = 4")
