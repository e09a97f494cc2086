"""What an agent may do to its worktree, and what becomes of it."""

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.workspace.git_workspace import GitWorkspace
from factory.errors import Missing, Refused, Usage
from tests.contract.test_workspace import FILES, GitOperator, git

KEY = "run_1:build:1"


@pytest.fixture
def workspace(home: Path) -> GitWorkspace:
    return GitWorkspace(home)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return tmp_path / "source"


@pytest.fixture
def base(workspace: GitWorkspace, repo: Path) -> str:
    """The first commit, with something ignored in it; cloned."""
    commit = GitOperator().record(repo, {**FILES, ".gitignore": b"*.pyc\n"})
    workspace.clone(repo, commit)
    return commit


@pytest.fixture
def worktree(workspace: GitWorkspace, repo: Path, base: str) -> Path:
    return workspace.checkout(repo, base, "run_1/build-1")


def names_in(worktree: Path, commit: str) -> set[str]:
    """Names of the files of a commit."""
    return set(git(worktree, "ls-tree", "-r", "--name-only", commit).splitlines())


def test_ignored_files_are_left_out_even_when_added_by_force(
    workspace: GitWorkspace, base: str, worktree: Path
) -> None:
    (worktree / "a.pyc").write_bytes(b"x")
    git(worktree, "add", "-f", "a.pyc")
    (worktree / "b.py").write_bytes(b"x")
    head = workspace.commit_all(worktree, KEY, "Change", base)
    assert names_in(worktree, head) == {*FILES, ".gitignore", "b.py"}


def test_a_commit_carries_its_key_and_only_one_parent(workspace: GitWorkspace, base: str, worktree: Path) -> None:
    (worktree / "a.txt").write_bytes(b"x\n")
    head = workspace.commit_all(worktree, KEY, "Fix split()\n\nAttempt 1\0", base)
    assert git(worktree, "log", "-1", "--format=%P %s", head) == f"{base} Fix split()"
    assert git(worktree, "log", "-1", "--format=%(trailers:key=Run-Step,valueonly)", head) == KEY


def test_what_the_agent_committed_and_what_it_left_over_become_one_commit(
    workspace: GitWorkspace, repo: Path, base: str, worktree: Path
) -> None:
    (worktree / "a.txt").write_bytes(b"committed\n")
    (worktree / "taken back.txt").write_bytes(b"committed\n")
    git(worktree, "add", "-A")
    git(worktree, "commit", "-qm", "mine")
    (worktree / "taken back.txt").unlink()
    (worktree / "b.txt").write_bytes(b"left over\n")
    head = workspace.commit_all(worktree, KEY, "Change", base)
    assert git(worktree, "rev-parse", f"{head}^") == base
    assert workspace.diff(repo, base, head).files == ("a.txt", "b.txt")
    assert workspace.commit_all(worktree, KEY, "Change", base) == head


def test_an_agent_sees_where_it_is_and_the_history(workspace: GitWorkspace, base: str, worktree: Path) -> None:
    assert git(worktree, "status", "--porcelain", "--branch") == "## HEAD (no branch)"
    assert git(worktree, "log", "--format=%H %s", "main") == f"{base} a change"
    assert git(worktree, "rev-parse", "--show-toplevel", "HEAD").split() == [str(worktree), base]
    assert git(worktree, "fsck") == ""


def test_an_agent_can_commit_without_settings_and_has_nowhere_to_push(worktree: Path) -> None:
    (worktree / "a.txt").write_bytes(b"committed\n")
    bare = {"PATH": os.environ["PATH"], "HOME": str(worktree.parent), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "commit", "-qam", "mine"], cwd=worktree, env=bare, check=True)
    pushed = subprocess.run(["git", "push"], cwd=worktree, env=bare, capture_output=True, check=False)
    assert pushed.returncode != 0


def test_an_empty_commit_is_no_change(workspace: GitWorkspace, base: str, worktree: Path) -> None:
    git(worktree, "commit", "-q", "--allow-empty", "-m", "done, all tests pass")
    assert workspace.commit_all(worktree, KEY, "Change", base) == ""


def test_a_branch_of_the_agent_stays_where_the_agent_put_it(workspace: GitWorkspace, base: str, worktree: Path) -> None:
    git(worktree, "checkout", "-q", "-b", "feature")
    (worktree / "a.txt").write_bytes(b"x\n")
    head = workspace.commit_all(worktree, KEY, "Change", base)
    assert git(worktree, "rev-parse", "feature") == base
    assert git(worktree, "rev-parse", f"{head}^") == base


@pytest.mark.parametrize("move", [["checkout", "-q", "--orphan", "new"], ["update-ref", "HEAD", "{other}"]])
def test_wherever_an_agent_moves_its_head_its_files_come_after_the_base(
    workspace: GitWorkspace, base: str, worktree: Path, move: list[str]
) -> None:
    other = git(worktree, "commit-tree", f"{base}^{{tree}}", "-m", "unrelated")
    git(worktree, *[word.format(other=other) for word in move])
    assert workspace.commit_all(worktree, KEY, "Nothing", base) == ""
    (worktree / "a.txt").write_bytes(b"x\n")
    head = workspace.commit_all(worktree, "run_1:build:2", "Change", base)
    assert git(worktree, "rev-parse", f"{head}^") == base


def test_a_worktree_that_is_deleted_is_missing_and_made_again(
    workspace: GitWorkspace, repo: Path, base: str, worktree: Path
) -> None:
    shutil.rmtree(worktree)
    with pytest.raises(Missing):
        workspace.commit_all(worktree, KEY, "Change", base)
    assert workspace.checkout(repo, base, "run_1/build-1") == worktree
    assert (worktree / "a.txt").exists()


@pytest.mark.parametrize("left", ["nothing", "a repository", "a lie", "a pipe"])
def test_a_worktree_without_its_repository_is_kept_and_committed(
    workspace: GitWorkspace, repo: Path, base: str, worktree: Path, left: str
) -> None:
    tie = worktree / ".git"
    shutil.rmtree(tie)
    if left == "a repository":
        git(worktree, "init", "-q")
    elif left == "a lie":
        tie.write_text(f"gitdir: {repo / '.git'}\n")
    elif left == "a pipe":
        os.mkfifo(tie)
    (worktree / "a.txt").write_bytes(b"x\n")
    assert workspace.checkout(repo, base, "run_1/build-1") == worktree
    head = workspace.commit_all(worktree, KEY, "Change", base)
    assert workspace.diff(repo, base, head).files == ("a.txt",)
    assert (workspace.checkout(repo, base, "run_1/build-1", fresh=True) / ".git/HEAD").is_file()


def test_a_worktree_replaced_by_a_link_is_missing_and_what_it_leads_to_stays(
    workspace: GitWorkspace, repo: Path, base: str, worktree: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    worktree.rename(elsewhere)
    worktree.symlink_to(elsewhere)
    with pytest.raises(Missing):
        workspace.commit_all(worktree, KEY, "Change", base)
    assert not workspace.checkout(repo, base, "run_1/build-1").is_symlink()
    assert (elsewhere / "a.txt").exists()


def test_a_making_that_was_cut_off_is_made_again(
    workspace: GitWorkspace, repo: Path, base: str, worktree: Path
) -> None:
    (note,) = (workspace.clone_path(repo).parent / "worktrees").glob("*/note")
    note.unlink()
    note.with_name("index.lock").touch()
    (worktree / "a.txt").unlink()
    assert (workspace.checkout(repo, base, "run_1/build-1") / "a.txt").exists()


def test_the_index_of_a_killed_git_is_in_nobodys_way(
    workspace: GitWorkspace, repo: Path, base: str, worktree: Path
) -> None:
    (note,) = (workspace.clone_path(repo).parent / "worktrees").glob("*/note")
    note.with_name("index.next").write_bytes(b"no index at all")
    note.with_name("index.next.lock").touch()
    (worktree / ".git/index.lock").touch()
    (worktree / ".git/index").write_bytes(b"no index at all")
    (worktree / "a.txt").write_bytes(b"x\n")
    head = workspace.commit_all(worktree, KEY, "Change", base)
    assert workspace.diff(repo, base, head).files == ("a.txt",)


@pytest.mark.parametrize("commits", [False, True])
def test_a_repository_inside_the_worktree_is_refused_by_name(
    workspace: GitWorkspace, base: str, worktree: Path, commits: bool
) -> None:
    GitOperator().record(worktree / "nested", {"x.txt": b"x"})
    if not commits:
        git(worktree / "nested", "update-ref", "-d", "HEAD")
    with pytest.raises(Refused, match="nested"):
        workspace.commit_all(worktree, KEY, "Change", base)


def test_hooks_and_signing_that_an_agent_sets_up_do_not_run(workspace: GitWorkspace, base: str, worktree: Path) -> None:
    trap = worktree.parent / "trapped"
    (worktree / "hooks").mkdir()
    for hook in ("pre-commit", "reference-transaction", "post-index-change", "post-checkout"):
        (worktree / "hooks" / hook).write_text(f"#!/bin/sh\ntouch {trap}\n")
        (worktree / "hooks" / hook).chmod(0o755)
    git(worktree, "config", "core.hooksPath", str(worktree / "hooks"))
    git(worktree, "config", "commit.gpgSign", "true")
    trap.unlink(missing_ok=True)
    assert workspace.commit_all(worktree, KEY, "Change", base)
    assert not trap.exists()


def test_names_of_any_bytes_are_committed_listed_and_restored(
    workspace: GitWorkspace, repo: Path, base: str, worktree: Path
) -> None:
    odd = [b"new\nline", b"tab\there", b'quo"te', "š 🙂".encode(), b"\xff\xfe", b"-n", b":(top)x", b"[a]*"]
    for name in odd:
        (worktree / os.fsdecode(name)).write_bytes(b"1\n")
    (worktree / "binary").write_bytes(bytes(range(256)))
    head = workspace.commit_all(worktree, KEY, "Change", base)
    diff = workspace.diff(repo, base, head)
    assert (diff.added, diff.removed) == (len(odd), 0)
    assert set(diff.files) == {name.decode("utf-8", "backslashreplace") for name in odd} | {"binary"}
    assert all(listed.encode() for listed in diff.files), "not fit for JSON"
    checkout = workspace.checkout(repo, head, "run_1/verify-1")
    workspace.restore(checkout, base, diff.files)
    assert {path.name for path in checkout.iterdir()} == {".git", ".gitignore", "a.txt", "sub"}
    back = workspace.checkout(repo, base, "run_1/verify-2")
    workspace.restore(back, head, diff.files)
    assert {os.fsencode(path.name) for path in back.iterdir()} >= {*odd, b"binary"}


def test_a_patch_rebuilds_the_result_binary_files_too(
    workspace: GitWorkspace, repo: Path, base: str, worktree: Path, tmp_path: Path
) -> None:
    (worktree / "binary").write_bytes(bytes(range(256)))
    (worktree / "run.sh").write_text("#!/bin/sh\n")
    (worktree / "run.sh").chmod(0o755)
    (worktree / "link").symlink_to("a.txt")
    (worktree / "sub/b.txt").unlink()
    head = workspace.commit_all(worktree, KEY, "Change", base)
    patch = workspace.patch(repo, base, head, tmp_path / "result.patch")
    git(repo, "apply", "--index", str(patch))
    assert git(repo, "write-tree") == git(worktree, "rev-parse", f"{head}^{{tree}}")


def test_what_was_committed_stays_reachable_after_the_worktree_is_gone(
    workspace: GitWorkspace, repo: Path, base: str, worktree: Path
) -> None:
    (worktree / "a.txt").write_bytes(b"x\n")
    head = workspace.commit_all(worktree, KEY, "Change", base)
    workspace.remove(worktree)
    clone = workspace.clone_path(repo)
    git(clone, "gc", "-q", "--prune=now")
    assert git(clone, "rev-parse", "refs/cockpit/run_1/build-1") == head
    assert workspace.diff(repo, base, head).files == ("a.txt",)


def test_clean_filters_of_the_repository_do_not_run(workspace: GitWorkspace, repo: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    base = GitOperator().record(repo, {"x.bin": pointer, ".gitattributes": b"*.bin filter=lfs -text\n"})
    workspace.clone(repo, base)
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    assert (worktree / "x.bin").read_bytes() == pointer
    assert workspace.commit_all(worktree, KEY, "Change", base) == ""


@pytest.mark.parametrize("name", ["", "..", "../x", "/x", "a/../b", "a//b", "-x/.hidden", "x.lock", "a b", "a\n"])
def test_a_worktree_cannot_lie_elsewhere(workspace: GitWorkspace, repo: Path, base: str, name: str) -> None:
    with pytest.raises(Usage):
        workspace.checkout(repo, base, name)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is locked for root")
def test_a_locked_worktree_is_removed_all_the_same(workspace: GitWorkspace, worktree: Path) -> None:
    (worktree / "x" / "y").mkdir(parents=True)
    (worktree / "x" / "y").chmod(0)
    (worktree / "x").chmod(0o500)
    worktree.chmod(0o500)
    workspace.remove(worktree)
    assert list(worktree.parent.iterdir()) == []


def test_only_worktrees_are_removed(workspace: GitWorkspace, worktree: Path, tmp_path: Path, home: Path) -> None:
    for path in (tmp_path, home / "worktrees", home / "git"):
        with pytest.raises(Usage):
            workspace.remove(path)
        assert path.exists()


def test_many_at_once_get_what_they_asked_for(workspace: GitWorkspace, repo: Path) -> None:
    base = GitOperator().record(repo, FILES)

    def attempt(n: int) -> str:
        workspace.clone(repo, base)
        worktree = workspace.checkout(repo, base, f"run_{n}/build-1")
        (worktree / "n.txt").write_text(str(n))
        return workspace.commit_all(worktree, f"run_{n}:build:1", "Change", base)

    with ThreadPoolExecutor(6) as pool:
        heads = list(pool.map(attempt, range(6)))
    assert len(set(heads)) == 6
    assert all(heads)
