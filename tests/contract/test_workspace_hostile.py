"""Whatever an agent does with git in its worktree stays there: no other run, nor the factory, reads or runs it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.workspace.git_workspace import GitWorkspace
from factory.errors import Missing
from tests.contract.test_workspace import FILES, GitOperator, git
from tests.contract.test_workspace_source import state_of

PROGRAM = "#!/bin/sh\necho ran >> {canary}\ncat\n"
HOOKS = ("post-checkout", "pre-commit", "post-commit", "reference-transaction", "post-index-change", "post-rewrite")
SETTINGS = ("filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv", "diff.evil.command")
RUN_BY_GIT = ("core.fsmonitor", "core.pager", "core.editor", "diff.external", "gpg.program", "core.sshCommand")


@pytest.fixture
def workspace(home: Path) -> GitWorkspace:
    return GitWorkspace(home)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return tmp_path / "source"


@pytest.fixture
def base(workspace: GitWorkspace, repo: Path) -> str:
    commit = GitOperator().record(repo, FILES)
    workspace.clone(repo, commit)
    return commit


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A file that is there as soon as something of an agent's was run."""
    return tmp_path / "canary"


@pytest.fixture
def program(tmp_path: Path, canary: Path) -> Path:
    """What an agent would like the factory to run."""
    program = tmp_path / "program"
    program.write_text(PROGRAM.format(canary=canary))
    program.chmod(0o755)
    return program


def replace(worktree: Path, program: Path) -> None:
    """Show another commit in the place of the base, and show the base as itself, for ever."""
    base = git(worktree, "rev-parse", "HEAD")
    other = git(worktree, "commit-tree", f"{base}^{{tree}}", "-m", "another")
    git(worktree, "replace", "-f", other, base)
    git(worktree, "replace", "-f", base, base)


def configure(worktree: Path, program: Path) -> None:
    """Name a program in every setting that git runs one for."""
    (worktree / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    attributes = worktree / ".git/info/attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("* filter=evil diff=evil\n")
    included = worktree.parent / "included"
    for name in (*SETTINGS, *RUN_BY_GIT):
        git(worktree, "config", name, str(program))
        git(worktree, "config", "--file", str(included), name, str(program))
    git(worktree, "config", "include.path", str(included))
    git(worktree, "config", "filter.evil.required", "true")
    git(worktree, "config", "commit.gpgSign", "true")
    git(worktree, "config", "core.worktree", "/nowhere")


def plant_hooks(worktree: Path, program: Path) -> None:
    """Put hooks at their usual place and at one of its own."""
    for folder in (worktree / ".git/hooks", worktree / "hooks", git_folder(worktree) / "hooks"):
        folder.mkdir(exist_ok=True)
        for hook in HOOKS:
            (folder / hook).write_bytes(program.read_bytes())
            (folder / hook).chmod(0o755)
    git(worktree, "config", "core.hooksPath", str(worktree / "hooks"))


def drop_refs(worktree: Path, program: Path) -> None:
    """Delete every ref that git lists, and prune what they held."""
    for ref in git(worktree, "for-each-ref", "--format=%(refname)").split():
        git(worktree, "update-ref", "-d", ref)
    git(worktree, "gc", "-q", "--prune=now")
    git(worktree, "update-ref", "--no-deref", "-d", "HEAD")


def drop_repository(worktree: Path, program: Path) -> None:
    """Leave no repository at all."""
    git_folder(worktree).rename(worktree.parent / "gone")


def borrow_nonsense(worktree: Path, program: Path) -> None:
    """Say that the objects lie elsewhere, and fill their place with what is none."""
    objects = git_folder(worktree) / "objects"
    (objects / "info/alternates").write_text("/nowhere\n")
    (objects / "pack").mkdir(exist_ok=True)
    for name in ("pack-0.pack", "pack-0.idx", "multi-pack-index"):
        (objects / "pack" / name).write_bytes(b"garbage")
    (git_folder(worktree) / "index").write_bytes(b"garbage")
    (git_folder(worktree) / "config").write_bytes(b"[garbage")


def git_folder(worktree: Path) -> Path:
    """Where git keeps what is common to all that it takes for one repository."""
    return worktree / git(worktree, "rev-parse", "--git-common-dir")


Deed = Callable[[Path, Path], None]
DEEDS: list[Deed] = [replace, configure, plant_hooks, drop_refs, drop_repository, borrow_nonsense]


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: str(deed.__name__))
def test_what_one_agent_does_reaches_nobody_else(
    workspace: GitWorkspace, repo: Path, base: str, tmp_path: Path, program: Path, canary: Path, deed: Deed
) -> None:
    source, running = state_of(repo), workspace.checkout(repo, base, "run_2/build-1")
    clone, neighbour = state_of(workspace.clone_path(repo)), state_of(running)
    evil = workspace.checkout(repo, base, "run_1/build-1")
    deed(evil, program)
    canary.unlink(missing_ok=True)  # its own git may run it, then and there
    assert (state_of(workspace.clone_path(repo)), state_of(running)) == (clone, neighbour)

    (evil / "a.txt").write_bytes(b"one\nbroken\n")
    head = workspace.commit_all(evil, "run_1:build:1", "Change", base)
    diff = workspace.diff(repo, base, head)
    assert "a.txt" in diff.files
    assert b"+broken" in workspace.patch(repo, base, head, tmp_path / "x.patch").read_bytes()
    check = workspace.checkout(repo, head, "run_1/check-A1", fresh=True)
    assert (check / "a.txt").read_bytes() == b"one\nbroken\n"
    workspace.restore(check, base, ["a.txt"])
    assert (check / "a.txt").read_bytes() == FILES["a.txt"]
    workspace.remove(evil)

    (running / "new.txt").write_bytes(b"new\n")
    other = workspace.commit_all(running, "run_2:build:1", "Change", base)
    assert workspace.diff(repo, base, other).files == ("new.txt",)
    workspace.clone(repo, base)
    assert (workspace.checkout(repo, base, "run_3/build-1") / "a.txt").read_bytes() == FILES["a.txt"]
    assert state_of(repo) == source
    assert not canary.exists()


def test_the_code_that_a_check_runs_has_a_repository_of_its_own_too(
    workspace: GitWorkspace, repo: Path, base: str, program: Path, canary: Path
) -> None:
    clone = state_of(workspace.clone_path(repo))
    check = workspace.checkout(repo, base, "run_1/check-A1", fresh=True)
    for deed in (replace, configure, plant_hooks):
        deed(check, program)
    canary.unlink(missing_ok=True)
    workspace.checkout(repo, base, "run_1/check-A2", fresh=True)
    workspace.restore(check, base, ["a.txt"])
    assert state_of(workspace.clone_path(repo)) == clone
    assert not canary.exists()


def test_a_submodule_that_an_agent_filled_is_not_asked_anything(
    workspace: GitWorkspace, repo: Path, base: str, program: Path, canary: Path
) -> None:
    filled = repo.with_name("vendor")
    recorded = GitOperator().record(filled, {"x.txt": b"x\n"})
    git(repo, "update-index", "--add", "--cacheinfo", f"160000,{recorded},vendor")
    git(repo, "commit", "-qm", "with a submodule")
    base = git(repo, "rev-parse", "HEAD")
    workspace.clone(repo, base)
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    (worktree / "vendor").rmdir()
    filled.rename(worktree / "vendor")
    git(worktree / "vendor", "config", "filter.evil.clean", str(program))
    (worktree / "vendor/.gitattributes").write_text("* filter=evil\n")
    (worktree / "vendor/x.txt").write_bytes(b"y\n")
    (worktree / ".gitmodules").write_text('[submodule "vendor"]\n\tpath = vendor\n\turl = x\n\tignore = none\n')
    canary.unlink(missing_ok=True)
    head = workspace.commit_all(worktree, "run_1:build:1", "Change", base)
    assert workspace.diff(repo, base, head).files == (".gitmodules",)
    assert not canary.exists()


def test_an_agent_cannot_pass_off_another_worktree_as_its_own(
    workspace: GitWorkspace, repo: Path, base: str, tmp_path: Path
) -> None:
    one, two = (workspace.checkout(repo, base, f"run_{n}/build-1") for n in (1, 2))
    (one / ".git").rename(tmp_path / "aside")
    (one / ".git").write_text(f"gitdir: {two / '.git'}\n")
    (one / "a.txt").write_bytes(b"x\n")
    assert workspace.commit_all(one, "run_1:build:1", "Change", base)
    assert workspace.commit_all(two, "run_2:build:1", "Nothing", base) == ""


def test_a_folder_that_we_did_not_make_is_no_worktree(workspace: GitWorkspace, base: str, home: Path) -> None:
    (home / "worktrees").mkdir()
    GitOperator().record(home / "worktrees/run_9", FILES)
    with pytest.raises(Missing):
        workspace.commit_all(home / "worktrees/run_9", "run_9:build:1", "Change", base)
