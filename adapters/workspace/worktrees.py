"""Worktrees under the home: made whole or not at all, found again, removed."""

import os
import re
import shutil
import stat
from pathlib import Path

from adapters.workspace.clones import Clones
from adapters.workspace.git import Git, commit_id
from factory.errors import Missing, Refused, Unreachable, Usage

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_WHOLE = "cockpit-whole"
"""Written into git's folder for the worktree when all its files are there."""


class Worktrees:
    """Makes, finds and removes the worktrees of `folder`, which belong to the clones."""

    def __init__(self, folder: Path, clones: Clones) -> None:
        self.folder = folder
        self._clones = clones

    def make(self, repo: Path, commit: str, name: str, fresh: bool) -> Path:
        """A worktree, detached at the commit; an existing whole one is kept unless `fresh`."""
        git, clone, worktree = self._clones.git(repo), self._clones.path_of(repo), self._place(name)
        with self._clones.locked(clone):
            if fresh or not self._is_whole(worktree):
                self._clear(worktree)
                worktree.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                # Twice: also over the traces of a worktree whose making was cut off.
                git.run("worktree", "add", "--force", "--force", "--detach", worktree, commit_id(commit))
                (self.admin(worktree) / _WHOLE).touch(mode=0o600)
        return worktree

    def remove(self, worktree: Path) -> None:
        """Remove a worktree and all that its clone knows of it."""
        self._clear(self.own(worktree))

    def own(self, worktree: Path) -> Path:
        """The same path without links above it, if it lies inside the folder of worktrees.

        Raises:
            Usage: it lies elsewhere.
        """
        place = Path(os.path.realpath(worktree.parent)) / worktree.name
        if place == self.folder or not place.is_relative_to(self.folder):
            raise Usage(f"{worktree} is not a worktree of this home.", f"Worktrees are under {self.folder}.")
        return place

    def admin(self, worktree: Path) -> Path:
        """Git's own folder for this worktree, inside one of our clones.

        Raises:
            Missing: the worktree is gone. Refused: it is no longer tied to its clone.
        """
        if not worktree.is_dir() or worktree.is_symlink():
            raise Missing(f"The worktree {worktree} is gone.", "Retry the step: it starts with a fresh one.")
        admin = self._tie(worktree)
        if admin is None:
            raise Refused(
                f"The worktree {worktree} has lost its .git file, so nothing in it can be committed.",
                "Retry the step: it starts with a fresh one.",
            )
        return admin

    def git(self, worktree: Path, index: Path | None = None) -> Git:
        """Git in a worktree, with its real folder whatever the files there say.

        Args:
            index: An index to use instead of the worktree's own.
        """
        admin = self.admin(worktree)
        where = ("-C", worktree, "--git-dir", admin, "--work-tree", worktree)
        return Git(where, {"GIT_INDEX_FILE": str(index)} if index else {})

    def _place(self, name: str) -> Path:
        """Where the worktree of this name lies."""
        if not _NAME.fullmatch(name) or ".." in name or ".lock" in name:
            raise Usage(f"{name!r} cannot name a worktree.", "Use letters, digits, - and _, with / between.")
        return self.own(self.folder / name)

    def _tie(self, worktree: Path) -> Path | None:
        """Where the worktree's `.git` file leads, when that is a worktree's folder of one of our clones."""
        tie = worktree / ".git"
        try:
            if not stat.S_ISREG(tie.lstat().st_mode):
                return None  # the agent made a repository of its own
            text = tie.read_text(encoding="utf-8", errors="surrogateescape")
            admin = Path(os.path.realpath(worktree / text.removeprefix("gitdir: ").removesuffix("\n")))
        except (OSError, ValueError):
            return None
        inside = admin.parent.name == "worktrees" and admin.parent.parent.parent == self._clones.folder
        return admin if inside and (admin / "commondir").is_file() else None

    def _is_whole(self, worktree: Path) -> bool:
        """Whether a worktree is there and its making was not cut off."""
        if worktree.is_symlink() or not worktree.is_dir():
            return False
        admin = self._tie(worktree)
        return admin is not None and (admin / _WHOLE).is_file()

    def _clear(self, worktree: Path) -> None:
        """Remove the folder, and every clone's memory of it."""
        _delete(worktree)
        for note in self._clones.folder.glob("*.git/worktrees/*/gitdir"):
            try:
                known = note.read_text(encoding="utf-8", errors="surrogateescape").removesuffix("\n")
            except OSError:
                continue  # another process removes it at this moment
            if Path(known) == worktree / ".git":
                shutil.rmtree(note.parent, ignore_errors=True)


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
