"""Turns what an agent left in its worktree into a commit that stays."""

import os
import shutil
from pathlib import Path

from adapters.workspace.git import Git, commit_id, names, shown
from adapters.workspace.worktrees import Worktrees
from factory.errors import Missing, Refused

_TRAILER = "Run-Step"
_FRESH = "Retry the step: it starts with a fresh worktree."


def commit_all(worktrees: Worktrees, worktree: Path, key: str, message: str, base: str) -> str:
    """Commit what changed and return HEAD, kept by a ref; "" when its files are those of `base`.

    The agent's own commits count. What it left uncommitted goes on top, once per key.
    """
    git, admin = worktrees.git(worktree), worktrees.admin(worktree)
    head = _head(git, worktree, commit_id(base))
    if _trailer(git, head) != key:
        index = _index(worktrees, worktree, admin, head)
        head = _commit(worktrees.git(worktree, index), head, f"{message.strip()}\n\n{_TRAILER}: {key}\n")
        index.replace(admin / "index")
        (admin / "index.lock").unlink(missing_ok=True)  # of a git that was killed; the agent has ended
    if _tree(git, head) == _tree(git, base):
        return ""
    git.run("update-ref", f"refs/cockpit/{worktree.relative_to(worktrees.folder)}", head)
    return head


def _head(git: Git, worktree: Path, base: str) -> str:
    """The commit that the worktree is at, if it comes after the base."""
    head = git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}", no=(1, 128))
    if git.ask("rev-parse", "--verify", "--quiet", f"{base}^{{commit}}", no=(1, 128)) is None:
        raise Missing(f"The clone of {worktree} has no commit {base}.", _FRESH)
    if head is None or git.ask("merge-base", "--is-ancestor", base, head) is None:
        at = head or "a branch without a commit"
        raise Refused(f"The agent moved its worktree {worktree} to {at}, which does not come after {base}.", _FRESH)
    return head


def _index(worktrees: Worktrees, worktree: Path, admin: Path, head: str) -> Path:
    """A new index with everything in the worktree that is not ignored.

    The worktree's own index may be locked, half merged or doctored; it only lends its file times.
    """
    index = admin / "cockpit-index"
    index.with_name(f"{index.name}.lock").unlink(missing_ok=True)
    git = worktrees.git(worktree, index)
    try:
        shutil.copy2(admin / "index", index)  # with its time: git distrusts entries that are not older than the index
        git.run("read-tree", "--reset", head)
    except (OSError, Refused):
        index.unlink(missing_ok=True)
        git.run("read-tree", head)
    git.run("add", "--all", "--", ".")
    _refuse_nested(git, head)
    return index


def _refuse_nested(git: Git, head: str) -> None:
    """Stop when the agent made a repository inside the worktree: git would record it without its files."""
    raw = names(git.run("diff-index", "--cached", "--raw", "-z", "--no-renames", head))
    nested = [
        shown(path) for entry, path in zip(raw[::2], raw[1::2], strict=True) if entry.startswith(b":000000 160000")
    ]
    if nested:
        raise Refused(
            f"The agent left a git repository of its own in {nested[0]}; its files cannot be committed.", _FRESH
        )


def _commit(git: Git, head: str, message: str) -> str:
    """Commit the index on top of HEAD, detached; HEAD itself when nothing changed."""
    tree = git.run("write-tree").decode().strip()
    if tree == _tree(git, head):
        return head
    text = message.replace("\0", "\ufffd").encode("utf-8", "backslashreplace")
    made = git.run("commit-tree", tree, "-p", head, "-F", "-", stdin=text).decode().strip()
    # --no-deref: when the agent is on a branch, the branch stays where it put it.
    git.run("update-ref", "--no-deref", "HEAD", made, head)
    return made


def _trailer(git: Git, commit: str) -> str:
    """The key of the step that made a commit; empty when none did."""
    return (git.ask("log", "-1", f"--format=%(trailers:key={_TRAILER},valueonly)", commit) or "").strip()


def _tree(git: Git, commit: str) -> str:
    """The id of a commit's tree: the same for the same files."""
    return os.fsdecode(git.run("rev-parse", "--verify", f"{commit}^{{tree}}")).strip()
