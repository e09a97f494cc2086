"""A checkout for reading: its files cannot be changed, and where that is no barrier (root), changes are seen."""

import os
import stat
from pathlib import Path, PurePosixPath

from adapters.workspace.git import Git, commit_id, names, shown
from factory.errors import Unreachable

WRITING = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
BY_PRODUCTS = frozenset({"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"})
"""Folders that tools leave by themselves; what lies there is no change."""
_PLAIN = ("--no-ext-diff", "--no-textconv", "--no-renames", "--ignore-submodules=all")


def seal(worktree: Path) -> None:
    """Take the right to write from every file and folder but the agent's own repository; links are left alone."""
    try:
        for place, folders, files in os.walk(worktree, topdown=True):
            if Path(place) == worktree:
                folders[:] = [name for name in folders if name != ".git"]
            for path in (Path(place, name) for name in files if name != ".git"):
                _take_rights(path)
            _take_rights(Path(place))
    except OSError as error:
        raise Unreachable(f"{worktree} cannot be made read-only: {error.strerror}.") from error


def touched(git: Git, head: str) -> tuple[str, ...]:
    """Names of files that differ from the commit: changed, deleted, or new and not ignored by its own rules."""
    changed = names(git.run("diff", "--name-only", "-z", *_PLAIN, commit_id(head), "--"))
    new = [
        *names(git.run("ls-files", "-z", "--others", "--exclude-standard")),
        # A new list of what is to be ignored would hide itself, and whatever else it names.
        *names(git.run("ls-files", "-z", "--others", "--", ":(glob)**/.gitignore")),
    ]
    found = [*changed, *(name for name in new if not BY_PRODUCTS & set(PurePosixPath(os.fsdecode(name)).parts))]
    return tuple(sorted({shown(name) for name in found}))


def _take_rights(path: Path) -> None:
    state = path.lstat()
    if not stat.S_ISLNK(state.st_mode):
        path.chmod(stat.S_IMODE(state.st_mode) & ~WRITING)
