"""A captured file read back: as much as can be shown, and whether it is still what was captured."""

import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

SHOWN_BYTES = 8 << 20
"""So much of one file is shown."""
CHECKED_BYTES = 1 << 30
"""A larger file is not digested again just because somebody looks at it."""
_BLOCK = 1 << 20


@dataclass(frozen=True)
class EvidenceFile:
    """What was found where a piece of evidence lies."""

    data: bytes = b""
    """Its beginning, at most `SHOWN_BYTES`."""
    size: int = 0
    problem: str = ""
    """Why it cannot be trusted or shown, as a sentence; empty when all is well."""
    is_checked: bool = False
    """Its digest was computed, and is the one that was captured."""
    path: Path | None = None
    """Where it really lies; None when it may not be read."""

    @property
    def is_whole(self) -> bool:
        """Whether all of it is shown."""
        return len(self.data) == self.size


def read_evidence(root: Path, relative: str, digest: str, shown: int = SHOWN_BYTES) -> EvidenceFile:
    """The file of one item. Slow for large files: call it in a thread. Never raises for what lies on the disk.

    Args:
        root: The evidence folder of the run; nothing outside of it is read.
        digest: The sha256 at capture.
    """
    try:
        home = root.resolve()
        path = (home / relative).resolve(strict=True)
        if not path.is_relative_to(home):
            return EvidenceFile(problem="It leads out of the evidence folder, and was not read.")
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            return _read(file, path, digest, shown)
    except FileNotFoundError:
        return EvidenceFile(problem="The file is gone. The ledger still has its digest.")
    except (OSError, ValueError, RuntimeError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        return EvidenceFile(problem=f"The file cannot be read: {reason}.")


def _read(file: BinaryIO, path: Path, digest: str, shown: int) -> EvidenceFile:
    about = os.fstat(file.fileno())
    if not stat.S_ISREG(about.st_mode):
        return EvidenceFile(problem="It is not a regular file, and was not read.")
    data = file.read(shown)
    if about.st_size > CHECKED_BYTES:
        return EvidenceFile(data, about.st_size, "It is too large to check its digest here.", path=path)
    found = sha256(data)
    while block := file.read(_BLOCK):
        found.update(block)
    same = found.hexdigest() == digest
    problem = "" if same else "The file is not what was captured: its digest differs."
    return EvidenceFile(data, about.st_size, problem, same, path)
