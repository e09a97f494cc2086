"""Which run the operator means."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from adapters.ledger.tables import RUNS
from factory.errors import Missing

_SHOWN = 3


def resolve(connection: Connection, text: str) -> str:
    """The id of a run from an id, a unique prefix (with or without `run_`), or `last`. Raises `Missing`."""
    newest_first = select(RUNS.c.id).order_by(RUNS.c.born.desc())
    if text == "last":
        found = connection.execute(newest_first.limit(1)).scalars().all()
        return one_of(found, text)
    start = prefix(text)
    fitting = newest_first.where(RUNS.c.id.startswith(start, autoescape=True)).limit(_SHOWN + 1)
    found = connection.execute(fitting).scalars().all()
    return start if start in found else one_of(found, text)


def prefix(text: str) -> str:
    """What the id starts with, as it is stored."""
    word = text.strip().lower().encode(errors="replace").decode()
    return word if word.startswith("run_") else f"run_{word}"


def one_of(found: Sequence[str], text: str) -> str:
    """The only id that fits.

    Raises:
        Missing: none or several fit.
    """
    if not text.strip():
        raise Missing("The empty text names no run.", hint="cockpit status")
    if not found:
        what = "There is no run yet." if text == "last" else f"There is no run {text!r}."
        raise Missing(what, hint="cockpit status")
    if len(found) > 1:
        names = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
        raise Missing(f"Several runs start with {text!r}: {names}.", hint="Type more of the id.")
    return found[0]
