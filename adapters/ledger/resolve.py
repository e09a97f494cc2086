"""Which run the operator means, asked of any database."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from adapters.ledger.naming import SHOWN, meant
from adapters.ledger.tables import RUNS


def resolve(connection: Connection, text: str) -> str:
    """The id of the run that the operator means. Raises `Missing`."""

    def fitting(start: str, end: str) -> Sequence[str]:
        ids = RUNS.c.id.startswith(start, autoescape=True) & RUNS.c.id.endswith(end, autoescape=True)
        return (
            connection.execute(select(RUNS.c.id).where(ids).order_by(RUNS.c.born.desc()).limit(SHOWN + 1))
            .scalars()
            .all()
        )

    return meant(text, fitting)
