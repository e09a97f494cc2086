"""The worker's log: one file that is kept small, private, and away from every terminal."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from adapters.engine.lock import unusable

_LARGEST_BYTES = 5_000_000
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_to(path: Path) -> logging.Handler:
    """A handler that appends to `path` and keeps one older file beside it; closed by whoever asked for it.

    Raises:
        Unreachable: the file cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_LARGEST_BYTES, backupCount=1, encoding="utf-8", errors="replace")
    except OSError as error:
        raise unusable(path, error) from error
    handler.setFormatter(logging.Formatter(_FORMAT))
    return handler
