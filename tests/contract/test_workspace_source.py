"""What git does to the operator's repository: nothing, but for the one branch of `land`; and which ones it refuses."""

import os
import stat
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from adapters.workspace.complaint import complaint
from adapters.workspace.git_workspace import GitWorkspace
from factory.errors import Missing, Refused, SourceError, Unreachable, Usage
from tests.contract.test_workspace import FILES, GitOperator, git

TRAP = "#!/bin/sh\necho trapped >> {trap}\ncat\n"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    repo = tmp_path / "source"
    GitOperator().record(repo, FILES)
    return repo


@pytest.fixture
def workspace(home: Path) -> GitWorkspace:
    return GitWorkspace(home)


def state_of(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Mode, time and content of everything below a folder, `.git` too."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        found[str(path.relative_to(folder))] = (status.st_mode, status.st_mtime_ns, sha256(content).hexdigest())
    return found


def whole_tour(workspace: GitWorkspace, repo: Path, base: str) -> str:
    """Everything but `land`; the commit that was made."""
    workspace.inspect(repo)
    workspace.list_files(repo, base)
    workspace.clone(repo, base)
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    (worktree / "a.txt").write_text("changed\n")
    head = workspace.commit_all(worktree, "run_1:build:1", "Change", base)
    workspace.diff(repo, base, head)
    workspace.patch(repo, base, head, worktree.parent / "x.patch")
    checkout = workspace.checkout(repo, head, "run_1/verify-1", fresh=True)
    workspace.restore(checkout, base, ["a.txt"])
    workspace.remove(checkout)
    return head


def trapped(repo: Path) -> Path:
    """Fill the repository's own settings with programs; the file that says whether one of them ran."""
    trap = repo.parent / "trapped"
    program = repo.parent / "program"
    program.write_text(TRAP.format(trap=trap))
    program.chmod(0o755)
    hooks = repo / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-checkout", "pre-commit", "reference-transaction", "post-index-change", "pre-auto-gc", "update"):
        (hooks / hook).write_text(TRAP.format(trap=trap))
        (hooks / hook).chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "gpg.program", "uploadpack.packObjectsHook"):
        git(repo, "config", name, str(program))
    for name in ("commit.gpgSign", "fetch.writeCommitGraph", "fetch.recurseSubmodules", "core.logAllRefUpdates"):
        git(repo, "config", name, "true")
    git(repo, "config", "gc.auto", "1")
    trap.unlink(missing_ok=True)
    return trap


def test_the_source_stays_as_it_was_to_the_byte(workspace: GitWorkspace, repo: Path) -> None:
    (repo / "a.txt").write_bytes(b"dirty\n")
    (repo / "sub/b.txt").touch()  # git status would like to note the new time in the index
    trap = trapped(repo)
    base, before = git(repo, "rev-parse", "HEAD"), state_of(repo)
    trap.unlink(missing_ok=True)
    whole_tour(workspace, repo, base)
    assert state_of(repo) == before
    assert not trap.exists()


def test_landing_adds_one_ref_and_objects_and_nothing_else(workspace: GitWorkspace, repo: Path) -> None:
    base = git(repo, "rev-parse", "HEAD")
    (repo / "a.txt").write_bytes(b"dirty\n")
    trap = trapped(repo)
    head = whole_tour(workspace, repo, base)
    before, folders = state_of(repo), {"refs/heads", "objects"}
    trap.unlink(missing_ok=True)
    workspace.land(repo, head, "cockpit/run_1")
    after = state_of(repo)
    new = {name for name in after if name not in before and not name.startswith(".git/objects/")}
    assert new == {".git/refs/heads/cockpit", ".git/refs/heads/cockpit/run_1"}
    changed = {name.removeprefix(".git/") for name in before if after.get(name) != before[name]}
    assert {name for name in changed if not name.startswith("objects/")} <= folders | {".git"}
    assert not trap.exists()
    assert git(repo, "rev-parse", "cockpit/run_1") == head
    assert git(repo, "diff", "--stat", "--no-ext-diff", f"{base}..cockpit/run_1")


def test_landed_objects_are_as_public_as_those_that_were_there(workspace: GitWorkspace, repo: Path) -> None:
    (repo / ".git/objects").chmod(0o755)
    head = whole_tour(workspace, repo, git(repo, "rev-parse", "HEAD"))
    before = state_of(repo)
    workspace.land(repo, head, "cockpit/run_1")
    added = [path for path in (repo / ".git/objects").rglob("*") if str(path.relative_to(repo)) not in before]
    assert {stat.S_IMODE(path.stat().st_mode) for path in added if path.is_file()} == {0o444}


def test_nothing_of_the_source_is_shared_with_the_clone(workspace: GitWorkspace, repo: Path, home: Path) -> None:
    clone = workspace.clone(repo, git(repo, "rev-parse", "HEAD"))
    ours = {path.stat().st_ino for path in home.rglob("*") if path.is_file()}
    assert not ours & {path.stat().st_ino for path in repo.rglob("*") if path.is_file()}
    assert not (clone / "objects/info/alternates").exists()
    assert git(clone, "remote") == ""
    assert not (clone / "hooks").exists()
    assert str(repo) not in (clone / "config").read_text()


def test_everything_under_the_home_is_private(workspace: GitWorkspace, repo: Path, home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "worktrees").mkdir(mode=0o700)
    whole_tour(workspace, repo, git(repo, "rev-parse", "HEAD"))
    assert [path for path in home.rglob("*") if path.lstat().st_mode & 0o077 and not path.is_symlink()] == []


def test_a_folder_inside_a_repository_is_refused_with_the_root_to_give(workspace: GitWorkspace, repo: Path) -> None:
    with pytest.raises(Refused) as refused:
        workspace.inspect(repo / "sub")
    assert refused.value.code == "not_a_repository"
    assert str(repo) in refused.value.hint


def test_a_link_to_the_root_is_the_root(workspace: GitWorkspace, repo: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repo)
    assert workspace.inspect(tmp_path / "link").path == repo


def test_modified_and_staged_files_are_dirty_and_untracked_ones_are_not(workspace: GitWorkspace, repo: Path) -> None:
    (repo / "a.txt").write_text("changed\n")
    (repo / "new.txt").write_text("new\n")
    (repo / "staged \u0161.txt").write_text("staged\n")
    git(repo, "add", "staged \u0161.txt")
    assert sorted(workspace.inspect(repo).dirty) == ["a.txt", "staged \u0161.txt"]


def test_a_detached_head_has_no_branch(workspace: GitWorkspace, repo: Path) -> None:
    head = git(repo, "rev-parse", "HEAD")
    git(repo, "checkout", "-q", "--detach")
    git(repo, "branch", "-D", "main")
    state = workspace.inspect(repo)
    assert (state.head, state.branch) == (head, "")
    assert whole_tour(workspace, repo, head)


def test_a_linked_worktree_is_a_repository_too(workspace: GitWorkspace, repo: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    git(repo, "worktree", "add", "-q", "--detach", str(linked))
    (linked / "a.txt").write_text("ahead\n")
    git(linked, "commit", "-qam", "on no branch")
    head = workspace.inspect(linked).head
    assert head != git(repo, "rev-parse", "HEAD")
    assert workspace.land(linked, whole_tour(workspace, linked, head), "x") == "refs/heads/x"


def test_a_shallow_source_works(workspace: GitWorkspace, repo: Path, tmp_path: Path) -> None:
    for n in range(3):
        GitOperator().record(repo, {"a.txt": b"%d\n" % n})
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repo}", str(shallow))
    head = whole_tour(workspace, shallow, git(shallow, "rev-parse", "HEAD"))
    assert workspace.land(shallow, head, "x") == "refs/heads/x"
    assert git(shallow, "rev-parse", "x") == head


def test_a_source_that_borrows_its_objects_works(workspace: GitWorkspace, repo: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--shared", str(repo), "borrower")
    borrower = tmp_path / "borrower"
    assert whole_tour(workspace, borrower, git(borrower, "rev-parse", "HEAD"))


def test_a_commit_survives_when_the_source_forgets_it(workspace: GitWorkspace, repo: Path) -> None:
    base = git(repo, "rev-parse", "HEAD")
    workspace.clone(repo, base)
    git(repo, "commit", "-q", "--amend", "-m", "rewritten")
    git(repo, "reflog", "expire", "--expire=now", "--all")
    git(repo, "gc", "-q", "--prune=now")
    clone = workspace.clone(repo, base)
    git(clone, "gc", "-q", "--prune=now")
    assert workspace.checkout(repo, base, "run_1/build-1").is_dir()


def refusal(workspace: GitWorkspace, repo: Path) -> Refused:
    """Why a repository is refused."""
    with pytest.raises(Refused) as refused:
        workspace.inspect(repo)
    assert refused.value.code == "not_a_repository"
    assert refused.value.hint
    return refused.value


def test_what_is_no_repository_is_said(workspace: GitWorkspace, repo: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "bare.git")
    git(tmp_path, "init", "-q", "unborn")
    (tmp_path / "file").touch()
    assert "bare" in refusal(workspace, tmp_path / "bare.git").message
    assert "no commit" in refusal(workspace, tmp_path / "unborn").message
    assert "not a folder" in refusal(workspace, tmp_path / "file").message
    assert "does not exist" in refusal(workspace, tmp_path / "nothing").message
    assert "does not exist" in refusal(workspace, tmp_path / "a\0b").message
    assert "git's own folder" in refusal(workspace, repo / ".git").message


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to another user")
def test_another_users_repository_is_refused_until_it_is_trusted(
    workspace: GitWorkspace, repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = git(repo, "rev-parse", "HEAD")
    for path in (repo, *repo.rglob("*")):
        os.chown(path, 12345, 12345)
    with pytest.raises(Refused) as cloning:
        workspace.clone(repo, base)
    for refused in (refusal(workspace, repo), cloning.value):
        assert refused.code == "not_a_repository"
        assert str(repo) in refused.message
        assert refused.hint.endswith(f"safe.directory {repo}")
    settings = tmp_path / "gitconfig"
    subprocess.run(["git", "config", "--file", settings, "safe.directory", str(repo)], check=True)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert workspace.inspect(repo).head == base
    assert workspace.land(repo, whole_tour(workspace, repo, base), "x") == "refs/heads/x"


def test_git_settings_of_the_machine_count_for_nothing(
    workspace: GitWorkspace, repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gitconfig").write_text("[user]\n\tname = Ana\n[core]\n\tautocrlf = true\n[alias]\n\tlog = !false\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ana")
    head = whole_tour(workspace, repo, subprocess.check_output(
        ["git", f"--git-dir={repo}/.git", "rev-parse", "HEAD"], text=True
    ).strip())  # fmt: skip
    monkeypatch.delenv("GIT_DIR")
    assert git(workspace.clone_path(repo), "log", "-1", "--format=%an %ae", head) == "Cockpit cockpit@localhost"


def test_missing_git_is_unreachable(workspace: GitWorkspace, repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Unreachable, match="git is not installed") as unreachable:
        workspace.inspect(repo)
    assert unreachable.value.code == "no_git"


@pytest.mark.parametrize("branch", ["", "a b", "-x", "a..b", "x.lock", "/x", "a\nb", "HEAD", "@{-1}", "a\0b", "x~1"])
def test_a_name_that_no_branch_can_have_is_a_usage_error(workspace: GitWorkspace, repo: Path, branch: str) -> None:
    base = git(repo, "rev-parse", "HEAD")
    workspace.clone(repo, base)
    before = state_of(repo)
    with pytest.raises(Usage):
        workspace.land(repo, base, branch)
    assert state_of(repo) == before


def test_an_existing_branch_is_never_moved(workspace: GitWorkspace, repo: Path) -> None:
    base = git(repo, "rev-parse", "HEAD")
    head = whole_tour(workspace, repo, base)
    for branch in ("main", "main/below"):
        with pytest.raises(Refused) as refused:
            workspace.land(repo, head, branch)
        assert refused.value.code == "branch_exists"
        assert branch in refused.value.message
    assert git(repo, "rev-parse", "main") == base
    assert workspace.land(repo, base, "main") == "refs/heads/main"


@pytest.mark.parametrize(
    ("stderr", "kind", "code"),
    [
        ("fatal: detected dubious ownership in repository at '/x'\nTo add an exception…", Refused, "not_a_repository"),
        ("fatal: not a git repository (or any of the parent directories): .git", Refused, "not_a_repository"),
        ("error: unable to write file a: No space left on device\nfatal: x", Unreachable, "disk_full"),
        ("fatal: could not create work tree dir: Read-only file system", Unreachable, "read_only"),
        ("fatal: bad object 1234", Missing, "not_found"),
        ("warning: x\nerror: something else.\nhint: y", Refused, "refused"),
        ("", Refused, "refused"),
    ],
)
def test_gits_complaints_become_the_four_errors(stderr: str, kind: type[SourceError], code: str) -> None:
    error = complaint("fetch", 128, stderr.encode())
    assert (type(error), error.code) == (kind, code)
    assert error.message.endswith(".")
    assert "\n" not in error.message
