"""Files that an agent writes beside its output: what is new in them, line by line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from adapters.agents.dialects.dialect import Start

MOST_AT_ONCE = 1 << 20


class Rolls(Protocol):
    """Something that an agent writes beside its output."""

    def new(self) -> Iterator[bytes]:
        """What is new in it, one JSON object each."""
        ...


def rollout_of(home: Path, start: Start) -> Rolls | None:
    """What such a program writes; None: nothing that we know of."""
    if start.rollout_query:
        from adapters.agents.driving.rollout_rows import RolloutRows  # few agents have a database

        return RolloutRows(home / start.rollout, start.rollout_query)
    return Rollout(home, start.rollout) if start.rollout else None


class Rollout:
    """Reads what is added from now on to the files of a pattern, also to those that are made later.

    Args:
        home: Of the agent.
        pattern: Below it, such as `.codex/sessions/**/*.jsonl`.
    """

    def __init__(self, home: Path, pattern: str) -> None:
        self._home, self._pattern = home, pattern
        self._read = {file: file.stat().st_size for file in self._files()}
        self._rest: dict[Path, bytes] = {}

    def new(self) -> Iterator[bytes]:
        """Lines that are whole now, without their newline."""
        for file in self._files():
            while chunk := self._more(file):
                *lines, self._rest[file] = (self._rest.get(file, b"") + chunk).split(b"\n")
                yield from lines

    def _more(self, file: Path) -> bytes:
        start = self._read.get(file, 0)
        try:
            with file.open("rb") as opened:
                opened.seek(start)
                chunk = opened.read(MOST_AT_ONCE)
        except OSError:  # it went away while we looked
            return b""
        self._read[file] = start + len(chunk)
        return chunk

    def _files(self) -> list[Path]:
        return sorted(self._home.glob(self._pattern))
