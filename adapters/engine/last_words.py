"""Why a worker ended, from the end of its log."""

import os
from pathlib import Path

_TAIL_BYTES = 8192


def last_words(log: Path, since: int = 0) -> str:
    """The last error in a log, without its time, else the last line; only what stands behind byte `since`."""
    try:
        with log.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(since if since <= size else 0, size - _TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError as error:
        return f"its log cannot be read ({error.strerror})"
    lines = [line.strip() for line in lines if line.strip()]
    errors = [line.partition(" ERROR ")[2] for line in lines if " ERROR " in line]
    return (errors or lines or ["it wrote nothing"])[-1]
