"""Worktrees under the home: made whole or not at all, found again, removed."""

import os
import re
import shutil
import stat
from pathlib import Path

from adapters.workspace.clones import Clones
from adapters.workspace.git import Git, commit_id
from adapters.workspace.notes import Note, Notes
from adapters.workspace.own_repository import give_repository
from factory.errors import Missing, Unreachable, Usage

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


class Worktrees:
    """Makes, finds and removes the worktrees of `folder`, filled from the clones.

    Each gets a repository of its own, which belongs to whatever runs in it: agents, and the code that they wrote when a
    check runs it. We never read it. Our git looks at the files with the clone, which nobody else is given.
    """

    def __init__(self, folder: Path, clones: Clones) -> None:
        self.folder = folder
        self.notes = Notes(clones.folder / "worktrees")
        self._clones = clones

    def make(self, repo: Path, commit: str, name: str, fresh: bool) -> Path:
        """A worktree, detached at the commit; an existing whole one is kept unless `fresh`."""
        self._clones.git(repo)
        clone, worktree, commit = self._clones.path_of(repo), self._place(name), commit_id(commit)
        with self._clones.locked(clone):
            if fresh or not _is_folder(worktree) or self.notes.read(name) is None:
                self._fill(clone, commit, worktree, name)
        return worktree

    def remove(self, worktree: Path) -> None:
        """Remove a worktree and all that we know of it."""
        worktree = self.own(worktree)
        self.notes.forget(self.name_of(worktree))
        _delete(worktree)

    def own(self, worktree: Path) -> Path:
        """The same path without links above it, if it lies inside the folder of worktrees.

        Raises:
            Usage: it lies elsewhere.
        """
        place = Path(os.path.realpath(worktree.parent)) / worktree.name
        if place == self.folder or not place.is_relative_to(self.folder):
            raise Usage(f"{worktree} is not a worktree of this home.", f"Worktrees are under {self.folder}.")
        return place

    def name_of(self, worktree: Path) -> str:
        """The name that a worktree was made by."""
        return str(worktree.relative_to(self.folder))

    def note(self, worktree: Path) -> Note:
        """What we know of a worktree.

        Raises:
            Missing: the worktree is gone.
        """
        note = self.notes.read(self.name_of(worktree))
        if note is None or not _is_folder(worktree):
            raise Missing(f"The worktree {worktree} is gone.", "Retry the step: it starts with a fresh one.")
        return note

    def git(self, worktree: Path, index: Path | None = None) -> Git:
        """Our git on the files of a worktree.

        Args:
            index: An index to use instead of our usual one.
        """
        return self.notes.git(worktree, self.name_of(worktree), self.note(worktree).clone, index)

    def _place(self, name: str) -> Path:
        """Where the worktree of this name lies."""
        if not _NAME.fullmatch(name) or ".." in name or ".lock" in name:
            raise Usage(f"{name!r} cannot name a worktree.", "Use letters, digits, - and _, with / between.")
        return self.own(self.folder / name)

    def _fill(self, clone: Path, commit: str, worktree: Path, name: str) -> None:
        """Make the worktree afresh; its note comes last, and says that it is whole."""
        _delete(worktree)
        try:
            self.notes.begin(name)
            worktree.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            worktree.mkdir(mode=0o700)
            self.notes.git(worktree, name, clone).run("read-tree", "--reset", "-u", commit)
            give_repository(worktree, clone, commit, self.notes.index(name))
            self.notes.write(name, Note(clone, commit))
        except OSError as error:
            raise Unreachable(f"{worktree} cannot be made: {error.strerror}.") from error


def _is_folder(worktree: Path) -> bool:
    """Whether a worktree is there, and not a link in its place."""
    return worktree.is_dir() and not worktree.is_symlink()


def _delete(folder: Path) -> None:
    """Delete a folder, or a link in its place, also when an agent took our rights away or still writes there."""
    if not os.path.lexists(folder):
        return
    aside = folder.with_name(f".gone-{folder.name}-{os.getpid()}-{os.urandom(4).hex()}")
    try:
        folder.rename(aside)
        if aside.is_dir() and not aside.is_symlink():
            _open_up(aside)
            shutil.rmtree(aside, ignore_errors=True)  # who still writes there writes to nobody
        else:
            aside.unlink()
    except OSError as error:
        if os.path.lexists(folder):
            raise Unreachable(f"{folder} cannot be removed: {error.strerror}.") from error


def _open_up(folder: Path) -> None:
    """Give ourselves the rights to delete what an agent locked."""
    folder.chmod(stat.S_IRWXU)
    for place, folders, _ in os.walk(folder):
        for name in folders:
            if not (Path(place) / name).is_symlink():
                (Path(place) / name).chmod(stat.S_IRWXU)
