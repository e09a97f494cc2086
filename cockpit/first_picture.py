"""The first picture: the goals as the ledger has them now, drawn before the screen library is imported."""

from __future__ import annotations

import os
import time
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from adapters.ledger.first_look import Look, first_look
from cockpit.first_lines import Facts, Piece, Row, first_rows, written
from cockpit.kept_colours import read_kept
from cockpit.now import utc_now
from cockpit.screens.layouts import too_small
from cockpit.skeleton import SKELETON
from cockpit.terminal import reach_of
from factory.errors import SourceError
from widgets.heading import Known

LEDGER = "ledger.db"


class First(NamedTuple):
    """What the first look at the ledger brought."""

    found: Look | None = None
    """None: nobody can tell yet."""
    held: SourceError | None = None
    """Why not, when somebody holds the ledger."""
    at: float = 0.0
    """Seconds of the monotonic clock."""

    @property
    def problem(self) -> str:
        """What is wrong with the ledger, as sentences."""
        return f"{self.held.message} {self.held.hint}".strip() if self.held else ""


@lru_cache(1)
def look(home: Path) -> First:
    """Look at the ledger of a home, once in a process. A home that is not whole is left to whoever makes it so."""
    if not os.access(home / "log", os.W_OK):
        return First()
    try:
        return First(first_look(home / LEDGER), at=time.monotonic())
    except SourceError as error:
        return First(held=error, at=time.monotonic())


def draw_first(home: Path, in_marks: bool = False) -> First:
    """Draw what the ledger says, once, if somebody waits for it at a terminal; what was found.

    Args:
        in_marks: Our marks and frames in ASCII, as `--ascii` asks for it.
    """
    first = look(home)
    if SKELETON.is_waiting:
        reach = reach_of("yes" if in_marks else "auto", "auto")
        SKELETON.fill(written(_rows(first), read_kept(str(home)), reach))
    return first


def _rows(first: First) -> list[Row]:
    if words := too_small(*SKELETON.size):
        return [[Piece(words, "warn", "ground")]]
    found = first.found
    known: Known = "none" if found is None else "all" if found.is_all else "some"
    return first_rows(Facts(found.rows if found else (), known, first.problem, utc_now()), *SKELETON.size)
