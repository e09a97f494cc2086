"""The promises of `Workspace`, kept by git and by the fake."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pytest

from adapters.workspace.git_workspace import GitWorkspace
from factory.errors import Missing, Refused
from factory.ports.workspace import Diff, Workspace
from tests.fakes.workspace import FakeWorkspace

FILES = {"a.txt": b"one\ntwo\n", "sub/b.txt": b"three\n"}


class Operator(Protocol):
    """Whoever commits in the source repository."""

    def record(self, repo: Path, files: Mapping[str, bytes]) -> str:
        """Commit exactly these files; the new HEAD."""
        ...


class GitOperator:
    """An operator with git."""

    def record(self, repo: Path, files: Mapping[str, bytes]) -> str:
        """Commit exactly these files; the new HEAD."""
        if not repo.exists():
            git(repo.parent, "init", "-q", "-b", "main", str(repo))
        for name, content in files.items():
            (repo / name).parent.mkdir(parents=True, exist_ok=True)
            (repo / name).write_bytes(content)
        git(repo, "add", "-A")
        git(repo, "commit", "-q", "-m", "a change")
        return git(repo, "rev-parse", "HEAD")


def git(folder: Path, *words: str) -> str:
    """What git says in a folder."""
    who = ["-c", "user.name=Operator", "-c", "user.email=operator@localhost"]
    done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(params=["git", "fake"])
def pair(request: pytest.FixtureRequest, home: Path) -> tuple[Workspace, Operator]:
    if request.param == "git":
        return GitWorkspace(home), GitOperator()
    fake = FakeWorkspace(home)
    return fake, fake


@pytest.fixture
def workspace(pair: tuple[Workspace, Operator]) -> Workspace:
    return pair[0]


@pytest.fixture
def operator(pair: tuple[Workspace, Operator]) -> Operator:
    return pair[1]


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return tmp_path / "source"


@pytest.fixture
def base(operator: Operator, repo: Path, workspace: Workspace) -> str:
    """The first commit of the source, cloned."""
    commit = operator.record(repo, FILES)
    workspace.clone(repo, commit)
    return commit


def test_inspecting_names_head_and_branch(workspace: Workspace, operator: Operator, repo: Path) -> None:
    commit = operator.record(repo, FILES)
    state = workspace.inspect(repo)
    assert (state.path, state.head, state.branch, state.dirty) == (repo, commit, "main", ())


def test_a_folder_without_a_repository_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        workspace.inspect(tmp_path)
    assert refused.value.code == "not_a_repository"
    assert str(tmp_path) in refused.value.message
    assert refused.value.hint


def test_the_files_of_a_commit_are_listed(workspace: Workspace, base: str, repo: Path) -> None:
    assert workspace.list_files(repo, base) == ("a.txt", "sub/b.txt")


def test_an_unknown_commit_is_missing(workspace: Workspace, base: str, repo: Path) -> None:
    with pytest.raises(Missing):
        workspace.list_files(repo, "0" * 40)
    with pytest.raises(Missing):
        workspace.clone(repo, "0" * 40)


def test_cloning_twice_gives_the_same_clone(workspace: Workspace, operator: Operator, base: str, repo: Path) -> None:
    newer = operator.record(repo, {"a.txt": b"changed\n"})
    assert workspace.clone(repo, base) == workspace.clone(repo, newer) == workspace.clone_path(repo)
    assert (workspace.checkout(repo, newer, "run_1/build-1") / "a.txt").read_bytes() == b"changed\n"


def test_a_checkout_holds_the_commits_files(workspace: Workspace, base: str, repo: Path, home: Path) -> None:
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    assert worktree == home / "worktrees/run_1/build-1"
    assert (worktree / "sub/b.txt").read_bytes() == b"three\n"


def test_a_checkout_is_kept_unless_a_fresh_one_is_asked_for(workspace: Workspace, base: str, repo: Path) -> None:
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    (worktree / "new.txt").write_text("new")
    assert workspace.checkout(repo, base, "run_1/build-1") == worktree
    assert (worktree / "new.txt").exists()
    assert workspace.checkout(repo, base, "run_1/build-1", fresh=True) == worktree
    assert not (worktree / "new.txt").exists()


def test_a_commit_takes_changed_new_and_deleted_files(workspace: Workspace, base: str, repo: Path) -> None:
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    (worktree / "a.txt").write_bytes(b"one\n2\n")
    (worktree / "new.txt").write_bytes(b"new\n")
    (worktree / "sub/b.txt").unlink()
    head = workspace.commit_all(worktree, "run_1:build:1", "Change things", base)
    assert workspace.diff(repo, base, head) == Diff(base, head, ("a.txt", "new.txt", "sub/b.txt"), 2, 2)


def test_no_change_is_no_commit(workspace: Workspace, base: str, repo: Path) -> None:
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    assert workspace.commit_all(worktree, "run_1:build:1", "Nothing", base) == ""


def test_a_change_taken_back_is_no_change(workspace: Workspace, base: str, repo: Path) -> None:
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    (worktree / "a.txt").write_bytes(b"changed\n")
    assert workspace.commit_all(worktree, "run_1:build:1", "There", base)
    (worktree / "a.txt").write_bytes(FILES["a.txt"])
    assert workspace.commit_all(worktree, "run_1:build:2", "And back", base) == ""


def test_the_same_key_commits_once(workspace: Workspace, base: str, repo: Path) -> None:
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    (worktree / "a.txt").write_bytes(b"changed\n")
    head = workspace.commit_all(worktree, "run_1:build:1", "Change", base)
    (worktree / "late.txt").write_bytes(b"written after the agent ended\n")
    assert workspace.commit_all(worktree, "run_1:build:1", "Change", base) == head
    assert workspace.commit_all(worktree, "run_1:build:2", "Change more", base) != head


def test_a_worktree_that_is_gone_is_missing(workspace: Workspace, base: str, repo: Path) -> None:
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    workspace.remove(worktree)
    workspace.remove(worktree)
    assert not worktree.exists()
    with pytest.raises(Missing) as missing:
        workspace.commit_all(worktree, "run_1:build:1", "Change", base)
    assert str(worktree) in missing.value.message


def test_files_are_restored_to_how_they_were(workspace: Workspace, base: str, repo: Path) -> None:
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    (worktree / "a.txt").write_bytes(b"doctored\n")
    (worktree / "sub/b.txt").unlink()
    (worktree / "sub/conftest.py").write_bytes(b"import os; os._exit(0)\n")
    (worktree / "kept.txt").write_bytes(b"kept\n")
    head = workspace.commit_all(worktree, "run_1:build:1", "Doctor the tests", base)
    checkout = workspace.checkout(repo, head, "run_1/verify-1")
    workspace.restore(checkout, base, ("a.txt", "sub/b.txt", "sub/conftest.py"))
    assert (checkout / "a.txt").read_bytes() == FILES["a.txt"]
    assert (checkout / "sub/b.txt").read_bytes() == FILES["sub/b.txt"]
    assert not (checkout / "sub/conftest.py").exists()
    assert (checkout / "kept.txt").read_bytes() == b"kept\n"


def test_a_patch_is_written(workspace: Workspace, base: str, repo: Path, tmp_path: Path) -> None:
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    (worktree / "a.txt").write_bytes(b"changed\n")
    head = workspace.commit_all(worktree, "run_1:build:1", "Change", base)
    target = workspace.patch(repo, base, head, tmp_path / "out" / "result.patch")
    assert b"diff --git a/a.txt b/a.txt" in target.read_bytes()


def test_landing_makes_one_branch_and_again_changes_nothing(workspace: Workspace, base: str, repo: Path) -> None:
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    (worktree / "a.txt").write_bytes(b"changed\n")
    head = workspace.commit_all(worktree, "run_1:build:1", "Change", base)
    assert workspace.land(repo, head, "cockpit/fix") == "refs/heads/cockpit/fix"
    assert workspace.land(repo, head, "cockpit/fix") == "refs/heads/cockpit/fix"
    with pytest.raises(Refused) as refused:
        workspace.land(repo, base, "cockpit/fix")
    assert refused.value.code == "branch_exists"
