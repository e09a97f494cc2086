"""`Workspace` with git: a bare clone per source repository, which is ours alone, and a worktree per attempt."""

import os
from collections.abc import Sequence
from pathlib import Path

from adapters.workspace import changes, commits, sealing, source
from adapters.workspace.clones import Clones
from adapters.workspace.worktrees import Worktrees
from factory.ports.workspace import Diff, RepoState


class GitWorkspace:
    """Git without ever writing to the operator's repository, but for `land`.

    Every method may raise `Unreachable`: git is missing (`no_git`), hangs, or the disk is full or read-only.

    Args:
        home: The cockpit's home; clones go to `git/`, worktrees to `worktrees/`.
    """

    def __init__(self, home: Path) -> None:
        home = Path(os.path.realpath(home))
        self._clones = Clones(home / "git")
        self._worktrees = Worktrees(home / "worktrees", self._clones)

    def inspect(self, repo: Path) -> RepoState:
        """Look at the repository that a folder belongs to (`git status`, read only)."""
        return source.inspect(repo, self._clones.folder)

    def list_files(self, repo: Path, commit: str) -> tuple[str, ...]:
        """Names of all files of a commit of the operator's repository (`git ls-tree`)."""
        return source.list_files(repo, commit, self._clones.folder)

    def clone(self, repo: Path, base: str) -> Path:
        """The bare clone of a source repository, holding `base` (`git clone --local`, `git fetch`)."""
        return self._clones.make(repo, base)

    def clone_path(self, repo: Path) -> Path:
        """Where the bare clone of a source repository is, or will be."""
        return self._clones.path_of(repo)

    def checkout(self, repo: Path, commit: str, name: str, fresh: bool = False) -> Path:
        """A worktree with a repository of its own, detached at `commit` (`git read-tree`)."""
        return self._worktrees.make(repo, commit, name, fresh)

    def commit_all(self, worktree: Path, key: str, message: str, base: str) -> str:
        """Commit what changed and return HEAD; "" when its files are those of `base` (`git commit-tree`)."""
        return commits.commit_all(self._worktrees, self._worktrees.own(worktree), key, message, base)

    def diff(self, repo: Path, base: str, head: str) -> Diff:
        """Files and line counts between two commits of the clone (`git diff-tree --numstat`)."""
        return changes.diff(self._clones.git(repo), base, head)

    def patch(self, repo: Path, base: str, head: str, target: Path) -> Path:
        """Write the binary-safe patch to a file (`git diff-tree --binary`)."""
        return changes.patch(self._clones.git(repo), base, head, target)

    def restore(self, checkout: Path, commit: str, files: Sequence[str]) -> None:
        """Put files of a checkout back to how they were at `commit` (`git checkout`)."""
        changes.restore(self._worktrees.git(self._worktrees.own(checkout)), checkout, commit, files)

    def seal(self, checkout: Path) -> None:
        """Take the right to write from everything in a checkout (`chmod`)."""
        sealing.seal(self._worktrees.own(checkout))

    def touched(self, checkout: Path) -> tuple[str, ...]:
        """What differs from the commit of a checkout (`git diff`, `git ls-files --others`)."""
        own = self._worktrees.own(checkout)
        return sealing.touched(self._worktrees.git(own), self._worktrees.note(own).head)

    def remove(self, worktree: Path) -> None:
        """Remove a worktree; nothing happens when it is gone."""
        self._worktrees.remove(worktree)

    def land(self, repo: Path, commit: str, branch: str) -> str:
        """Create one branch in the operator's repository (`git fetch`, `git update-ref`). Returns the full ref."""
        clone = self._clones.path_of(repo)
        self._clones.git(repo)
        return source.land(repo, clone, commit, branch, self._clones.folder)
