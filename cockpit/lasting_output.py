"""The way to the terminal, which may take less than it is given, or go away while the cockpit still writes."""

from collections.abc import Callable
from typing import TextIO


class LastingOutput:
    """Writes to a file; once that is gone, what is written is dropped. Else who writes would wait for ever.

    Args:
        file: Of the terminal; with `PYTHONUNBUFFERED` it may take a part of a text and forget the rest.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.is_gone = False
        """Whether nothing can be written any more."""

    def write(self, text: str) -> None:
        """Write all of it."""
        self._try(lambda: self._write_whole(text.encode(self._file.encoding, self._file.errors or "strict")))

    def flush(self) -> None:
        """Hand over what was written."""
        self._try(self._file.flush)

    def fileno(self) -> int:
        """Number of the file."""
        return self._file.fileno()

    def _write_whole(self, data: bytes) -> None:
        while data:
            data = data[self._file.buffer.write(data) :]

    def _try(self, act: Callable[[], object]) -> None:
        if self.is_gone:
            return
        try:
            act()
        except OSError:
            self.is_gone = True
