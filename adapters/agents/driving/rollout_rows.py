"""The same as `rollout.py` for an agent that keeps its session in an SQLite file: new rows are its new lines."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path


class RolloutRows:
    """Reads the rows that are added from now on, also to a file that is made later. Never writes, never waits.

    Args:
        file: The database.
        query: Gives `(number, JSON)`, where numbers only grow, for `?` = the last number that was read.
    """

    def __init__(self, file: Path, query: str) -> None:
        self._file, self._query = file, query
        self._books: sqlite3.Connection | None = None
        self._last = 0
        for _ in self.new():
            """What an earlier process of the session left is not new."""

    def new(self) -> Iterator[bytes]:
        """The JSON of the rows that are new; none while the file is not there, is being made, or is held."""
        for number, said in self._rows():
            self._last = number
            yield str(said).encode("utf-8", "replace")

    def _rows(self) -> list[tuple[int, str]]:
        with contextlib.suppress(sqlite3.Error):
            if self._books is None and self._file.exists():
                self._books = sqlite3.connect(f"{self._file.as_uri()}?mode=ro", uri=True, timeout=0)
            if self._books is not None:
                return self._books.execute(self._query, (self._last,)).fetchall()
        return []
