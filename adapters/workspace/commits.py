"""Turns what an agent left in its worktree into a commit that stays."""

import os
import shutil
from pathlib import Path

from adapters.workspace.git import Git, commit_id, names, shown
from adapters.workspace.notes import Note
from adapters.workspace.worktrees import Worktrees
from factory.errors import Missing, Refused, Unreachable

_TRAILER = "Run-Step"
_FRESH = "Retry the step: it starts with a fresh worktree."
_LINK = b"160000 "


def commit_all(worktrees: Worktrees, worktree: Path, key: str, message: str, base: str) -> str:
    """Commit the files as they are, and return the commit; "" when they are those of `base`.

    Once per key; a ref keeps the commit. The agent's repository is not read: what it committed counts by the files that
    it left.
    """
    note = worktrees.note(worktree)
    git, name = worktrees.git(worktree), worktrees.name_of(worktree)
    before = _tree(git, worktree, commit_id(base))
    if note.key != key:
        index = _index(worktrees, worktree, note.head)
        note = Note(note.clone, _commit(worktrees.git(worktree, index), note.head, f"{message.strip()}\n", key), key)
        worktrees.notes.write(name, note)
        index.replace(worktrees.notes.index(name))
    if _tree(git, worktree, note.head) == before:
        return ""
    git.run("update-ref", f"refs/cockpit/{name}", note.head)
    return note.head


def _index(worktrees: Worktrees, worktree: Path, head: str) -> Path:
    """A new index with everything in the worktree that is not ignored, on top of our own for its file times."""
    known = worktrees.notes.index(worktrees.name_of(worktree))
    index = known.with_name("index.next")
    index.with_name(f"{index.name}.lock").unlink(missing_ok=True)  # of a git that was killed
    git = worktrees.git(worktree, index)
    try:
        shutil.copy2(known, index)  # with its time: git distrusts entries that are not older than the index
    except OSError as error:
        raise Unreachable(f"{known} cannot be copied: {error.strerror}.") from error
    git.run("add", "--all", "--", ".", *_filled_submodules(git, worktree))
    _refuse_nested(git, head)
    return index


def _filled_submodules(git: Git, worktree: Path) -> list[str]:
    """Pathspecs that leave out submodules with a repository in them; they stay at the commit that is recorded.

    `git add` would ask each whether it is modified, with a git that obeys the settings of that repository: the agent's.
    """
    links = [entry for entry in names(git.run("ls-files", "-z", "--stage")) if entry.startswith(_LINK)]
    paths = [os.fsdecode(entry.split(b"\t", 1)[1]) for entry in links]
    return [f":(exclude,top,literal){path}" for path in paths if os.path.lexists(worktree / path / ".git")]


def _refuse_nested(git: Git, head: str) -> None:
    """Stop when the agent made a repository inside the worktree: git would record it without its files."""
    raw = names(git.run("diff-index", "--cached", "--raw", "-z", "--no-renames", head))
    made = [shown(path) for entry, path in zip(raw[::2], raw[1::2], strict=True) if entry[8:].startswith(_LINK)]
    if made:
        raise Refused(
            f"The agent left a git repository of its own in {made[0]}; its files cannot be committed.", _FRESH
        )


def _commit(git: Git, head: str, message: str, key: str) -> str:
    """Commit the index on top of a commit; that commit itself when nothing changed."""
    tree = git.run("write-tree").decode().strip()
    if tree == git.ask("rev-parse", "--verify", f"{head}^{{tree}}"):
        return head
    text = f"{message}\n{_TRAILER}: {key}\n".replace("\0", "\ufffd").encode("utf-8", "backslashreplace")
    return git.run("commit-tree", tree, "-p", head, "-F", "-", stdin=text).decode().strip()


def _tree(git: Git, worktree: Path, commit: str) -> str:
    """The id of a commit's tree: the same for the same files."""
    tree = git.ask("rev-parse", "--verify", "--quiet", f"{commit}^{{tree}}", no=(1, 128))
    if tree is None:
        raise Missing(f"The clone of {worktree} has no commit {commit}.", _FRESH)
    return tree
