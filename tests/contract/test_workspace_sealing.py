"""A checkout that is only read: what is changed in it all the same is seen."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.workspace.git_workspace import GitWorkspace
from factory.errors import Missing
from tests.contract.test_workspace import GitOperator

FILES = {"calc.py": b"x = 1\n", "tests/test_calc.py": b"pass\n", ".gitignore": b"build/\n"}


@pytest.fixture
def workspace(home: Path) -> GitWorkspace:
    return GitWorkspace(home)


@pytest.fixture
def checkout(workspace: GitWorkspace, tmp_path: Path) -> Path:
    repo = tmp_path / "source"
    commit = GitOperator().record(repo, FILES)
    workspace.clone(repo, commit)
    return workspace.checkout(repo, commit, "run_1/verify-1")


def test_nothing_in_a_sealed_checkout_can_be_written_and_links_lead_nowhere(
    workspace: GitWorkspace, checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside").write_text("mine")
    (checkout / "link").symlink_to(tmp_path / "outside")
    before = (tmp_path / "outside").stat().st_mode
    workspace.seal(checkout)
    places = [checkout, *(path for path in checkout.rglob("*") if ".git" not in path.relative_to(checkout).parts)]
    writable = [path for path in places if not path.is_symlink() and path.stat().st_mode & 0o222]
    assert writable == []
    assert (tmp_path / "outside").stat().st_mode == before
    if os.geteuid():
        with pytest.raises(PermissionError):
            (checkout / "calc.py").write_text("x = 2\n")


def test_a_sealed_checkout_is_untouched_and_what_tools_leave_is_no_change(
    workspace: GitWorkspace, checkout: Path
) -> None:
    workspace.seal(checkout)
    assert workspace.touched(checkout) == ()
    checkout.chmod(stat.S_IRWXU)
    for name in ("__pycache__/calc.pyc", ".pytest_cache/README.md", "build/out.o"):
        (checkout / name).parent.mkdir()
        (checkout / name).write_bytes(b"x")
    assert workspace.touched(checkout) == ()


def _hide(checkout: Path) -> None:
    (checkout / "tests").chmod(0o700)
    (checkout / "tests" / ".gitignore").write_text("*\n")
    (checkout / "tests" / "conftest.py").write_text("")


CHANGES: list[tuple[Callable[[Path], object], tuple[str, ...]]] = [
    (lambda at: (at / "calc.py").write_text("x = 2\n"), ("calc.py",)),
    (lambda at: (at / "calc.py").unlink(), ("calc.py",)),
    (lambda at: (at / "new.py").write_text(""), ("new.py",)),
    (lambda at: (at / "calc.py").chmod(0o755), ("calc.py",)),
    (_hide, ("tests/.gitignore",)),
    (lambda at: (at / "__pycache__").write_text(""), ()),
]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write there")
@pytest.mark.parametrize(("change", "names"), CHANGES)
def test_what_root_changes_all_the_same_is_seen(
    workspace: GitWorkspace, checkout: Path, change: Callable[[Path], object], names: tuple[str, ...]
) -> None:
    workspace.seal(checkout)
    change(checkout)
    assert workspace.touched(checkout) == names


def test_what_the_checkouts_own_git_says_counts_for_nothing(workspace: GitWorkspace, checkout: Path) -> None:
    (checkout / "calc.py").write_text("x = 2\n")
    (checkout / ".git" / "info").mkdir(exist_ok=True)
    (checkout / ".git" / "info" / "exclude").write_text("*\n")
    (checkout / "new.py").write_text("")
    assert workspace.touched(checkout) == ("calc.py", "new.py")


def test_a_sealed_checkout_can_be_removed_and_made_again(workspace: GitWorkspace, checkout: Path) -> None:
    workspace.seal(checkout)
    workspace.remove(checkout)
    assert not checkout.exists()
    with pytest.raises(Missing):
        workspace.touched(checkout)
