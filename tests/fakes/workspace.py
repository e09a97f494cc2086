"""`Workspace` without git: commits are values, worktrees are plain folders."""

import os
import shutil
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from hashlib import sha1
from pathlib import Path

from factory.errors import Missing, Refused
from factory.ports.workspace import Diff, RepoState

Files = Mapping[str, bytes]


class FakeWorkspace:
    """Keeps every commit in memory. `record` plays the operator, writing into a worktree plays the agent."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._commits: dict[str, Files] = {}
        self._heads: dict[Path, str] = {}
        self._worktrees: dict[Path, str] = {}
        self._keys: dict[tuple[Path, str], str] = {}
        self.sealed: list[Path] = []
        self.branches: dict[str, str] = {}
        """What was landed: full ref to commit."""
        self.dirty: tuple[str, ...] = ()
        """What `inspect` will find changed."""

    def record(self, repo: Path, files: Files) -> str:
        """Commit these files in the operator's repository; its new HEAD."""
        repo.mkdir(parents=True, exist_ok=True)
        self._heads[repo] = self._store(files, self._heads.get(repo, ""))
        return self._heads[repo]

    def inspect(self, repo: Path) -> RepoState:
        """The repository as `record` left it."""
        if repo not in self._heads:
            raise Refused(f"{repo} is not a git repository.", "Give another folder.", "not_a_repository")
        return RepoState(repo, self._heads[repo], "main", self.dirty)

    def list_files(self, repo: Path, commit: str) -> tuple[str, ...]:
        """Names of all files of a commit."""
        return tuple(sorted(self._files(commit)))

    def clone(self, repo: Path, base: str) -> Path:
        """A folder of this repository's own."""
        self._files(base)
        self.clone_path(repo).mkdir(parents=True, exist_ok=True)
        return self.clone_path(repo)

    def clone_path(self, repo: Path) -> Path:
        """Where that folder is."""
        return self._home / "git" / f"{repo.name}-{sha1(os.fsencode(repo), usedforsecurity=False).hexdigest()}.git"

    def checkout(self, repo: Path, commit: str, name: str, fresh: bool = False) -> Path:
        """A folder with the commit's files."""
        worktree, files = self._home / "worktrees" / name, self._files(commit)
        if fresh or not worktree.is_dir():
            self.remove(worktree)
            worktree.mkdir(parents=True)
            for path, content in files.items():
                (worktree / path).parent.mkdir(parents=True, exist_ok=True)
                (worktree / path).write_bytes(content)
            self._worktrees[worktree] = commit
        return worktree

    def commit_all(self, worktree: Path, key: str, message: str, base: str) -> str:
        """Commit every file of the folder, once per key."""
        if not worktree.is_dir():
            raise Missing(f"The worktree {worktree} is gone.", "Retry the step.")
        if (worktree, key) not in self._keys:
            found = {
                str(path.relative_to(worktree)): path.read_bytes() for path in worktree.rglob("*") if path.is_file()
            }
            head = self._worktrees[worktree]
            self._keys[worktree, key] = head if found == self._files(head) else self._store(found, head)
            self._worktrees[worktree] = self._keys[worktree, key]
        head = self._keys[worktree, key]
        return "" if self._files(head) == self._files(base) else head

    def diff(self, repo: Path, base: str, head: str) -> Diff:
        """Files and lines that differ."""
        old, new = self._files(base), self._files(head)
        changed = tuple(sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name)))
        added = removed = 0
        for name in changed:
            before, after = old.get(name, b"").splitlines(), new.get(name, b"").splitlines()
            same = sum(block.size for block in SequenceMatcher(None, before, after, False).get_matching_blocks())
            added, removed = added + len(after) - same, removed + len(before) - same
        return Diff(base, head, changed, added, removed)

    def patch(self, repo: Path, base: str, head: str, target: Path) -> Path:
        """A file that names what changed; not a patch that git could read."""
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(f"diff --git a/{name} b/{name}\n" for name in self.diff(repo, base, head).files))
        return target

    def restore(self, checkout: Path, commit: str, files: Sequence[str]) -> None:
        """Put files back, or delete them."""
        then = self._files(commit)
        for name in files:
            (checkout / name).unlink(missing_ok=True)
            if name in then:
                (checkout / name).parent.mkdir(parents=True, exist_ok=True)
                (checkout / name).write_bytes(then[name])

    def seal(self, checkout: Path) -> None:
        """Remember it."""
        self.sealed.append(checkout)

    def touched(self, checkout: Path) -> tuple[str, ...]:
        """Names of files that are not as they were checked out."""
        if not checkout.is_dir():
            raise Missing(f"The worktree {checkout} is gone.", "Retry the step.")
        then = self._files(self._worktrees[checkout])
        now = {str(path.relative_to(checkout)): path.read_bytes() for path in checkout.rglob("*") if path.is_file()}
        return tuple(sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name)))

    def remove(self, worktree: Path) -> None:
        """Delete the folder."""
        shutil.rmtree(worktree, ignore_errors=True)
        self._worktrees.pop(worktree, None)
        self._keys = {known: commit for known, commit in self._keys.items() if known[0] != worktree}

    def land(self, repo: Path, commit: str, branch: str) -> str:
        """Remember the branch."""
        ref = f"refs/heads/{branch}"
        if self.branches.setdefault(ref, commit) != commit:
            raise Refused(f"The branch {branch} exists already.", "Choose another name.", "branch_exists")
        return ref

    def _store(self, files: Files, parent: str) -> str:
        """Keep a commit; its id depends on its files and its parent."""
        commit = sha1(repr((sorted(files.items()), parent)).encode(), usedforsecurity=False).hexdigest()
        self._commits[commit] = dict(files)
        return commit

    def _files(self, commit: str) -> Files:
        """The files of a commit."""
        if commit not in self._commits:
            raise Missing(f"There is no commit {commit}.")
        return self._commits[commit]
