"""The way to the terminal, which may go away while the cockpit still writes."""

from collections.abc import Callable
from typing import TextIO


class LastingOutput:
    """Writes to a file; once that is gone, what is written is dropped. Else who writes would wait for ever.

    Args:
        file: Of the terminal.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.is_gone = False
        """Whether nothing can be written any more."""

    def write(self, text: str) -> None:
        """Write as much as can be written."""
        self._try(lambda: self._file.write(text))

    def flush(self) -> None:
        """Hand over what was written."""
        self._try(self._file.flush)

    def fileno(self) -> int:
        """Number of the file."""
        return self._file.fileno()

    def _try(self, act: Callable[[], object]) -> None:
        if self.is_gone:
            return
        try:
            act()
        except OSError:
            self.is_gone = True
