"""What a tool call is called. Permission rules are matched against it, so it hides nothing of what would happen."""

import posixpath
from functools import lru_cache
from pathlib import Path

LONGEST_TEXT = 64 << 10
"""So much of a tool's output is an event's; the raw stream has the rest."""


def one_line(text: str) -> str:
    """The whole text in one line; a line break becomes what it is to a shell: the start of another command."""
    return " ; ".join([part for line in text.splitlines() if (part := line.strip())])


def inside(worktree: Path, path: str) -> str:
    """A path as the operator writes it: relative below the worktree, absolute elsewhere, without detours (`..`)."""
    root = _root(worktree)
    return posixpath.normpath(posixpath.join(root, path)).removeprefix(f"{root.rstrip('/')}/")


@lru_cache(maxsize=1)
def _root(worktree: Path) -> str:
    return posixpath.normpath(worktree.as_posix())


def capped(text: str) -> tuple[str, bool]:
    """The text up to `LONGEST_TEXT` characters, and whether something was cut off."""
    return text[:LONGEST_TEXT], len(text) > LONGEST_TEXT
