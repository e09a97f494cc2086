"""Which run the operator means."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from adapters.ledger.tables import RUNS
from factory.errors import Missing

_SHOWN = 3
_SHORT = 4
"""Letters of the short name of a run: the last ones of its id, as the screen shows them."""


def resolve(connection: Connection, text: str) -> str:
    """The id of a run from an id, a unique prefix (with or without `run_`), `last`, or its short name on screen.

    Raises:
        Missing: none or several fit.
    """
    newest_first = select(RUNS.c.id).order_by(RUNS.c.born.desc())
    if text == "last":
        found = connection.execute(newest_first.limit(1)).scalars().all()
        return one_of(found, text)
    start = prefix(text)
    fitting = newest_first.where(RUNS.c.id.startswith(start, autoescape=True)).limit(_SHOWN + 1)
    found = connection.execute(fitting).scalars().all()
    if not found and len(start) == len("run_") + _SHORT:
        ending = newest_first.where(RUNS.c.id.endswith(start[-_SHORT:], autoescape=True)).limit(_SHOWN + 1)
        found = connection.execute(ending).scalars().all()
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
        raise Missing(f"Several runs fit {text!r}: {names}.", hint="Type more of the id.")
    return found[0]
