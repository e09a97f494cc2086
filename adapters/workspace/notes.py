"""What we know of a worktree, kept where an agent's git has no business: beside the clones, never in the worktree."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from adapters.workspace.git import Git


@dataclass(frozen=True)
class Note:
    """A worktree that is whole, and where it stands for us, wherever the agent moved its own HEAD."""

    clone: Path
    head: str
    """The commit that it was made from, or the last one that we made from it."""
    key: str = ""
    """Of the step that `head` was made for; empty for the commit that it was made from."""


class Notes:
    """The notes of all worktrees, one folder each in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> Note | None:
        """The note of a worktree; None when there is none, or its making was cut off."""
        try:
            text = (self._of(name) / "note").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return None
        clone, head, key = text.split("\n", 2)
        return Note(self.folder.parent / clone, head, key)

    def write(self, name: str, note: Note) -> None:
        """Keep a note, at one stroke."""
        place = self._of(name) / "note"
        write_private(place.with_name("note.new"), f"{note.clone.name}\n{note.head}\n{note.key}")
        place.with_name("note.new").replace(place)

    def begin(self, name: str) -> None:
        """Forget a worktree and make room for the note of the next one of this name."""
        self.forget(name)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._of(name).mkdir(mode=0o700)

    def forget(self, name: str) -> None:
        """Forget a worktree."""
        shutil.rmtree(self._of(name), ignore_errors=True)

    def index(self, name: str) -> Path:
        """Our own index for a worktree; the agent has another one."""
        return self._of(name) / "index"

    def git(self, worktree: Path, name: str, clone: Path, index: Path | None = None) -> Git:
        """Git on the files of a worktree with nothing but our own clone and index: what lies in its `.git` is not read.

        Args:
            index: An index to use instead of our usual one.
        """
        where = ("-C", worktree, "--git-dir", clone, "--work-tree", worktree)
        return Git(where, {"GIT_INDEX_FILE": str(index or self.index(name))})

    def _of(self, name: str) -> Path:
        """The folder for a worktree; no name of a worktree holds a `+`."""
        return self.folder / name.replace("/", "+")


def write_private(path: Path, text: str) -> None:
    """Write a file for us alone."""
    with open(path, "w", encoding="utf-8", errors="surrogateescape", opener=_private) as file:
        file.write(text)


def _private(path: str, flags: int) -> int:
    """Open a file for us alone."""
    return os.open(path, flags, 0o600)
