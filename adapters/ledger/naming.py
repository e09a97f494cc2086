"""How an operator names a run, and which one is meant. No database here."""

from collections.abc import Callable, Sequence

from factory.errors import Missing

SHOWN = 3
"""Runs that a sentence names when several fit."""
SHORT = 4
"""Letters of the short name of a run: the last ones of its id, as the screen shows them."""

Fitting = Callable[[str, str], Sequence[str]]
"""Ids with this start and this end, newest first; `SHOWN + 1` are enough."""


def meant(text: str, fitting: Fitting) -> str:
    """The id of a run from an id, a unique prefix (with or without `run_`), `last`, or its short name on screen.

    Raises:
        Missing: none or several fit.
    """
    if text == "last":
        return one_of(fitting("", "")[:1], text)
    start = prefix(text)
    found = fitting(start, "")
    if not found and len(start) == len("run_") + SHORT:
        found = fitting("", start[-SHORT:])
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
        names = ", ".join(found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
        raise Missing(f"Several runs fit {text!r}: {names}.", hint="Type more of the id.")
    return found[0]
