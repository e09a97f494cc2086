"""The ledger's file, and what a failure of SQLite means. Nothing but SQLite's own library is needed for it."""

import os
import shutil
from pathlib import Path

from factory.errors import Malformed, SourceError, Unreachable

BUSY_TIMEOUT_S = 30.0
"""How long somebody waits for another writer."""

_SHARED_BYTES = 32 * 1024
"""What SQLite puts beside the ledger before it reads or writes anything."""

_MEANINGS: dict[str, tuple[type[SourceError], str, str, str]] = {
    "locked": (Unreachable, "locked", "is held by another process for too long", "End that process."),
    "disk is full": (Unreachable, "disk_full", "has no room to grow: the disk is full", "Free some space."),
    "readonly": (Unreachable, "read_only", "cannot be written: it is read-only", "Choose another --home."),
    "not a database": (Malformed, "malformed", "is not a ledger", "Move it away or choose another --home."),
    "malformed": (Malformed, "malformed", "is damaged", "Put a copy of it back."),
    "no such": (Malformed, "malformed", "is not a ledger", "Move it away or choose another --home."),
}
"""By a part of what SQLite says: the error, its code, the end of the sentence, the fix."""


def identity(path: Path) -> tuple[int, int]:
    """Which file lies there now. Raises `Unreachable`: without it SQLite would make an empty one."""
    try:
        facts = os.stat(path)  # noqa: PTH116 - before every transaction, and this is twice as fast
    except OSError as error:
        hint = "Put it back or choose another --home; what was read is kept on screen."
        raise Unreachable(f"The ledger {path} is gone ({error.strerror}).", hint, "ledger_gone") from error
    return facts.st_dev, facts.st_ino


def explain(path: Path, error: BaseException) -> SourceError:
    """What a failure of SQLite means to the operator."""
    said = str(error)
    if "unable to open" in said and not os.access(path.parent, os.W_OK):
        said = "readonly"
    if "disk I/O error" in said and not _has_room(path.parent):
        said = "disk is full"  # so it is called where SQLite finds no room for the memory that its processes share
    for part, (kind, code, end, hint) in _MEANINGS.items():
        if part in said:
            return kind(f"The ledger {path} {end}.", hint=hint, code=code)
    return Unreachable(f"The ledger {path} cannot be used: {said}.", hint="Look at the file and its disk.")


def _has_room(folder: Path) -> bool:
    """Whether a file of a few pages fits beside the ledger."""
    try:
        return shutil.disk_usage(folder).free > _SHARED_BYTES
    except OSError:
        return True  # that is then another trouble
