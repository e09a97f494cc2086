"""What an agent wrote: its log and its journal, as captured, redacted and capped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factory.model.step import Attempt
    from factory.model.view import RunView

LOG = "out.log"
JOURNAL = "events.jsonl"
"""What a driven agent did, one event a line; other agents have none."""
KEPT_BYTES = 64 * 1024
UNKNOWN = -1
"""Of a file: nobody noted how much of it there was at that time."""
NOT_RECORDED = "What it had written by then is not recorded; o shows all that it wrote."


def newest_attempt(view: RunView) -> Attempt | None:
    """The attempt whose output is worth reading: the newest one that has a folder."""
    return next((attempt for attempt in reversed(view.attempts) if attempt.folder), None)


def journal_of(folder: str) -> Path | None:
    """The journal of a driven agent; None where there is none, or nothing in it yet."""
    path = Path(folder) / JOURNAL
    try:
        return path if path.stat().st_size else None
    except OSError:
        return None


def tail(folder: str, limit: int = KEPT_BYTES, until: int | None = None) -> str:
    """The last bytes of the log as text; bytes that are no UTF-8 stay visible. Empty while there is no log.

    Args:
        until: As if it had so many bytes; None = all of it.
    """
    try:
        with (Path(folder) / LOG).open("rb") as log:
            size = os.fstat(log.fileno()).st_size
            size = size if until is None else min(size, until)
            log.seek(max(0, size - limit))
            return log.read(min(size, limit)).decode("utf-8", "surrogateescape")
    except OSError:
        return ""
