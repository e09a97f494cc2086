"""The log of a client: a rotating file in the home, for its owner alone; nothing of it reaches the terminal."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

FILE = "cockpit.log"
MAX_BYTES = 1_000_000
KEPT = 3


class _PrivateFile(RotatingFileHandler):
    """A rotating file with mode 0600, whatever the umask of who called. One that cannot be written is silent."""

    def _open(self) -> TextIO:  # type: ignore[override]  # typeshed names the class that open() happens to return
        return open(self.baseFilename, "a", encoding="utf-8", errors="backslashreplace", opener=_private)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the name is the library's
        """Leave it: a log must not disturb what it is about."""


@contextmanager
def logging_to(folder: Path) -> Iterator[None]:
    """Send what is logged to `cockpit.log` in this folder for as long as a block runs; if it can be opened at all."""
    try:
        handler = _PrivateFile(folder / FILE, maxBytes=MAX_BYTES, backupCount=KEPT)
    except OSError:
        yield
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
        handler.close()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
