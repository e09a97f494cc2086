"""Reads a unified diff: its files, hunks and lines. Any bytes at all give something that can be shown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

LineKind = Literal["file", "meta", "hunk", "added", "removed", "same"]

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_STATES = (("new file", "added"), ("deleted file", "deleted"), ("rename ", "renamed"), ("Binary ", "binary"),
           ("GIT binary", "binary"))  # fmt: skip
_NOWHERE = "/dev/null"


@dataclass(frozen=True)
class DiffLine:
    """One line of the diff as it stands there, without its first character where that is the mark of a change."""

    kind: LineKind
    text: str
    old: int = 0
    """Line number before the change; 0 where there is none."""
    new: int = 0


@dataclass
class DiffFile:
    """One file of the diff."""

    name: str
    state: str = "changed"
    """`changed added deleted renamed binary`."""
    added: int = 0
    removed: int = 0
    lines: list[DiffLine] = field(default_factory=list)
    """The first one names the file."""


def read_diff(data: bytes) -> tuple[DiffFile, ...]:
    """The files in the order of the diff; a text that is no diff is one file without a name. Never raises."""
    text = data.decode("utf-8", "surrogateescape")
    lines = text.split("\n")
    return tuple(_Reader().read(lines[:-1] if lines[-1] == "" else lines))


class _Reader:
    def __init__(self) -> None:
        self._files: list[DiffFile] = []
        self._old = self._new = 0
        self._old_left = self._new_left = 0

    def read(self, lines: Iterable[str]) -> list[DiffFile]:
        for line in lines:
            if self._old_left > 0 or self._new_left > 0:
                self._changed(line)
            else:
                self._outside(line)
        return self._files

    @property
    def _file(self) -> DiffFile:
        if not self._files:
            self._files.append(DiffFile(""))
        return self._files[-1]

    def _outside(self, line: str) -> None:
        if line.startswith("diff --git "):
            self._files.append(DiffFile(_git_name(line)))
            self._put("file", line)
        elif line.startswith("--- ") and self._starts_a_file():
            self._files.append(DiffFile(_name(line)))
            self._put("file", line)
        elif found := _HUNK.match(line):
            self._hunk(line, found)
        else:
            self._meta(line)

    def _starts_a_file(self) -> bool:
        return not self._files or any(line.kind == "hunk" for line in self._files[-1].lines)

    def _meta(self, line: str) -> None:
        file = self._file
        if line.startswith("+++ ") and _name(line) != _NOWHERE:
            file.name = _name(line)
        elif line.startswith("rename to "):
            file.name = line[10:]
        for start, state in _STATES:
            if line.startswith(start):
                file.state = state
        self._put("meta", line)

    def _hunk(self, line: str, found: re.Match[str]) -> None:
        old, old_count, new, new_count = found.groups()
        self._old, self._new = int(old), int(new)
        self._old_left = int(old_count) if old_count is not None else 1
        self._new_left = int(new_count) if new_count is not None else 1
        self._put("hunk", line)

    def _changed(self, line: str) -> None:
        mark = line[:1]
        if mark == "+":
            self._file.added += 1
            self._put("added", line[1:], 0, self._new)
            self._step(0, 1)
        elif mark == "-":
            self._file.removed += 1
            self._put("removed", line[1:], self._old, 0)
            self._step(1, 0)
        elif mark in {" ", ""}:  # mailers cut the blank of an empty line
            self._put("same", line[1:], self._old, self._new)
            self._step(1, 1)
        elif mark == "\\":
            self._put("meta", line)
        else:  # the hunk is shorter than it says
            self._old_left = self._new_left = 0
            self._outside(line)

    def _step(self, old: int, new: int) -> None:
        self._old += old
        self._new += new
        self._old_left -= old
        self._new_left -= new

    def _put(self, kind: LineKind, text: str, old: int = 0, new: int = 0) -> None:
        self._file.lines.append(DiffLine(kind, text, old, new))


def _git_name(line: str) -> str:
    _, found, after = line.rpartition(" b/")
    return after.strip('"') if found else line.removeprefix("diff --git ")


def _name(line: str) -> str:
    name = line[4:].split("\t")[0].rstrip("\r").strip('"')
    return name[2:] if name.startswith(("a/", "b/")) else name
