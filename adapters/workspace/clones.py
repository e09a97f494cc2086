"""The bare clones under the home, one per source repository. No agent is given one: see `own_repository`."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from adapters.workspace.git import TRANSFER_TIMEOUT_S, Git, commit_id
from adapters.workspace.trust import trust_file
from factory.errors import Missing, Refused, Unreachable

# For a git that a person starts in a clone; ours is told the same, and more, each time.
_SETTINGS = {
    "core.hooksPath": os.devnull,
    "gc.auto": "0",
    "maintenance.auto": "false",
}


class Clones:
    """Makes, finds and brings up to date the clones of `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, repo: Path) -> Path:
        """Where the clone of a source repository is or would be; a clone is its own."""
        with suppress(ValueError):  # a zero byte in it: no such folder can exist, and the ledger may still name it
            repo = Path(os.path.realpath(repo))
        if repo.parent == self.folder:
            return repo
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", repo.name)[:40].strip(".-") or "repository"
        return self.folder / f"{name}-{sha256(os.fsencode(repo)).hexdigest()[:12]}.git"

    def git(self, repo: Path) -> Git:
        """Git in the clone of a source repository.

        Raises:
            Missing: there is no clone yet.
        """
        clone = self.path_of(repo)
        if not (clone / "HEAD").is_file():
            raise Missing(f"There is no clone of {repo} under {self.folder}.", "Start a run on it first.")
        return Git(("--git-dir", clone))

    def make(self, repo: Path, base: str) -> Path:
        """The clone, holding `base` and keeping it; made or brought up to date where needed.

        Raises:
            Missing: the source does not have the commit.
        """
        clone, base = self.path_of(repo), commit_id(base)
        with self.locked(clone):
            if not clone.exists():
                self._clone(repo, clone)
            self._keep(repo, Git(("--git-dir", clone)), base)
        return clone

    @contextmanager
    def locked(self, clone: Path) -> Iterator[None]:
        """One process and thread at a time makes or changes this clone and its worktrees.

        Git holds the lock too: when we are killed, its last command ends before somebody else begins.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(clone.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Unreachable(f"{self.folder} cannot be written: {error.strerror}.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            os.set_inheritable(lock, True)
            yield
        finally:
            os.close(lock)

    def _clone(self, repo: Path, clone: Path) -> None:
        """Clone next to its place, then move: what bears the name is whole."""
        fresh = clone.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        settings = [f"--config={name}={value}" for name, value in _SETTINGS.items()]
        # No hard links: who spoils an object of the clone must not spoil the operator's, nor may git touch their
        # times. No template: it would bring sample hooks of the machine.
        words = ("clone", "--quiet", "--bare", "--no-tags", "--no-hardlinks", "--template=", *settings)
        git = Git.at(self.folder, trust_file(self.folder))
        source = os.path.realpath(repo)
        try:
            git.run(*words, "--local", "--", source, fresh, timeout_s=TRANSFER_TIMEOUT_S)
        except Refused as error:
            if "symlink" not in error.message:
                raise
            shutil.rmtree(fresh, ignore_errors=True)  # git copies no folder of objects that holds links
            git.run(*words, "--no-local", "--", source, fresh, timeout_s=TRANSFER_TIMEOUT_S)
        # The source may move, and is named each time that we fetch from it.
        Git(("--git-dir", fresh)).run("config", "--remove-section", "remote.origin")
        fresh.rename(clone)

    def _keep(self, repo: Path, git: Git, base: str) -> None:
        """Fetch the commit and hold it by a ref, so that it stays whatever the source does."""
        ref = f"refs/cockpit/base/{base}"
        if git.ask("rev-parse", "--verify", "--quiet", ref) == base:
            return
        source = Git((*git.where,), {"GIT_CONFIG_GLOBAL": str(trust_file(self.folder) or os.devnull)})
        try:
            source.run(
                "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--update-shallow",
                "--", os.path.realpath(repo), f"{base}:{ref}",
                timeout_s=TRANSFER_TIMEOUT_S,
            )  # fmt: skip
        except Missing as error:
            raise Missing(f"{repo} has no commit {base}.", "Was its history rewritten? Start a new run.") from error
