"""Repositories that cannot be worked on get a sentence with the fix, and nothing is left behind."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.product import Cockpit, cockpit, git, make_repository
from tests.e2e.refusals import ACCEPT, AGENTS, GOAL, Refusal, refused

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("bad repositories")]


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    with cockpit(tmp_path_factory.mktemp("bad") / "home") as opened:
        yield opened


def nowhere(folder: Path) -> Path:
    return folder / "nowhere"


def plain_folder(folder: Path) -> Path:
    return folder


def a_file(folder: Path) -> Path:
    (folder / "file").touch()
    return folder / "file"


def bare(folder: Path) -> Path:
    git(folder, "init", "-q", "--bare", "bare.git")
    return folder / "bare.git"


def unborn(folder: Path) -> Path:
    git(folder, "init", "-q", "unborn")
    return folder / "unborn"


def modified(folder: Path) -> Path:
    repo = make_repository(folder / "repo", {"a.txt": "a\n"})
    (repo / "a.txt").write_text("b\n")
    return repo


def staged(folder: Path) -> Path:
    repo = make_repository(folder / "repo", {"a.txt": "a\n"})
    (repo / "new.txt").touch()
    git(repo, "add", "new.txt")
    return repo


def inside_git(folder: Path) -> Path:
    return make_repository(folder / "repo", {"a.txt": "a\n"}) / ".git"


def of_somebody_else(folder: Path) -> Path:
    repo = make_repository(folder / "repo", {"a.txt": "a\n"})
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    for place in (repo, repo / ".git"):
        os.chown(place, 12345, 12345)
    return repo


def subfolder(folder: Path) -> Path:
    return make_repository(folder / "repo", {"src/a.txt": "a\n"}) / "src"


REPOSITORIES: list[tuple[Callable[[Path], Path], Refusal]] = [
    (nowhere, Refusal(3, "not_a_repository", "does not exist", "--repo")),
    (plain_folder, Refusal(3, "not_a_repository", "is not a git repository", "git init")),
    (a_file, Refusal(3, "not_a_repository", "is not a folder", "--repo")),
    (bare, Refusal(3, "not_a_repository", "is a bare repository", "Clone it")),
    (unborn, Refusal(3, "not_a_repository", "has no commit yet", "commit")),
    (inside_git, Refusal(3, "not_a_repository", "inside git's own folder", "--repo")),
    (of_somebody_else, Refusal(3, "not_a_repository", "belongs to another user", "safe.directory")),
    (subfolder, Refusal(3, "not_a_repository", "is a folder inside the repository", "Give the root")),
    (modified, Refusal(3, "dirty_repository", "a.txt", "--allow-dirty")),
    (staged, Refusal(3, "dirty_repository", "new.txt", "--allow-dirty")),
]


@pytest.mark.parametrize(("make", "wanted"), REPOSITORIES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_repository_that_cannot_be_worked_on(
    at: Cockpit, make: Callable[[Path], Path], wanted: Refusal, tmp_path: Path
) -> None:
    repo = make(tmp_path)
    answer = refused(at, wanted, "start", GOAL, "--repo", str(repo), *ACCEPT, *AGENTS)
    assert str(repo) in answer.value["error"]["message"]
