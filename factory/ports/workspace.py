"""Git work, without touching the operator's repository."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class RepoState:
    """The operator's repository as it was found."""

    path: Path
    head: str
    branch: str
    dirty: tuple[str, ...] = ()
    """Tracked files that are modified or staged."""


@dataclass(frozen=True)
class Diff:
    """What lies between two commits."""

    base: str
    head: str
    files: tuple[str, ...] = ()
    added: int = 0
    removed: int = 0


class Workspace(Protocol):
    """Git, without ever writing to the operator's repository (but for `land`)."""

    def inspect(self, repo: Path) -> RepoState:
        """Look at a repository; reads only.

        Raises:
            Refused: `not_a_repository` (also bare, no commit, dubious ownership; the sentence says which).
            Unreachable: git is not installed.
        """
        ...

    def list_files(self, repo: Path, commit: str) -> tuple[str, ...]:
        """Names of all files of a commit of the operator's repository; reads only."""
        ...

    def clone(self, repo: Path, base: str) -> Path:
        """Make, or bring up to date, the bare clone of a source repository, and return it. Idempotent."""
        ...

    def clone_path(self, repo: Path) -> Path:
        """Where the bare clone of a source repository is, or will be."""
        ...

    def checkout(self, repo: Path, commit: str, name: str, fresh: bool = False) -> Path:
        """A worktree `name` (`<run>/<step>-<n>`), detached at `commit`; kept when it is there, unless `fresh`."""
        ...

    def commit_all(self, worktree: Path, key: str, message: str, base: str) -> str:
        """Commit what changed (untracked too, ignored not), return the commit; "" when nothing differs from `base`.

        What the agent committed itself counts by the files that it left. A commit that already carries the trailer
        `Run-Step: <key>` is not made again.

        Raises:
            Missing: the worktree is gone.
        """
        ...

    def diff(self, repo: Path, base: str, head: str) -> Diff:
        """Files and line counts between two commits of the clone."""
        ...

    def patch(self, repo: Path, base: str, head: str, target: Path) -> Path:
        """Write the binary-safe patch to a file."""
        ...

    def restore(self, checkout: Path, commit: str, files: Sequence[str]) -> None:
        """Put these files of a checkout back to how they were at `commit` (delete those that did not exist)."""
        ...

    def seal(self, checkout: Path) -> None:
        """Make a checkout read-only, as far as that holds: for root it does not."""
        ...

    def touched(self, checkout: Path) -> tuple[str, ...]:
        """Files of a checkout that are not as its commit has them; what tools leave by themselves is left out.

        Raises:
            Missing: the checkout is gone.
        """
        ...

    def remove(self, worktree: Path) -> None:
        """Remove a worktree; nothing happens when it is gone."""
        ...

    def land(self, repo: Path, commit: str, branch: str) -> str:
        """Create one branch in the operator's repository: no checkout, no push. Returns the full ref.

        Raises:
            Refused: `branch_exists` at another commit (the same commit is fine).
        """
        ...
