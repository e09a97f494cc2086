"""The states of every entity, one line a change. Runs of before have none; of what belongs to no run it begins here."""

from alembic import op
from sqlalchemy import Column, Connection, Index, Integer, MetaData, Table, insert, text

from adapters.ledger.columns import NAMES, nested, numbers, texts

revision = "0006"
down_revision = "0005"

HISTORY = Table(
    "history", MetaData(naming_convention=NAMES),
    Column("number", Integer, primary_key=True),
    *numbers("seq"),
    *texts("run kind entity"),
    *nested("values"),
    Index("ix_history_run_seq", "run", "seq"),
)  # fmt: skip

_NO_RUN = {
    "port_health": "id namespace created_at updated_at version state seen_at latency_ms release detail outage_since",
    "budgets": "id namespace created_at updated_at version run scope subject state "
    "limit_micros reserved_micros spent_micros overshoot_micros",
}
"""The columns of what every run shows and none owns, as they are called at this schema."""


def upgrade() -> None:
    """Add the table, and how the systems and the shared budgets stand now."""
    HISTORY.create(op.get_bind())
    for kind, names in _NO_RUN.items():
        _begin(op.get_bind(), kind, names.split())
    op.execute("UPDATE meta SET schema = 6")


def _begin(connection: Connection, kind: str, names: list[str]) -> None:
    """One line with all its columns for each row that belongs to no run."""
    (count,) = connection.execute(text("SELECT count FROM chain")).one()
    mine = "coalesce(run, '') = ''" if "run" in names else "1 = 1"
    rows = connection.execute(text(f"SELECT {', '.join(names)} FROM {kind} WHERE {mine} ORDER BY born"))  # noqa: S608 - names of ours
    for row in rows.mappings().all():
        values = {name: row[name] if row[name] is not None else "" for name in names}
        line = {"seq": count, "run": "", "kind": kind, "entity": row["id"], "values": values}
        connection.execute(insert(HISTORY).values(line))
