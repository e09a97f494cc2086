"""What holds for the repository as a whole: where files lie, how long they are, what they must not name."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("adapters", "cockpit", "factory", "widgets")
TOP_LEVEL = {
    *PACKAGES,
    *("fixtures", "tests", "screenshots", "docs", ".ci", ".github", ".gitignore"),
    *("pyproject.toml", "constraints.txt", "Makefile", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"),
}
# In pieces, so that this file does not name them.
DOWNLOAD_HOSTS = ("python" + "hosted", "pypi.org" + "/simple", "registry" + ".npmjs", "deb" + ".debian.org")
LONGEST_FILE = 300


def committed(*patterns: str) -> list[Path]:
    """The files of the work tree that git knows, all of them or those that match."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def sources(pattern: str) -> list[Path]:
    """The committed files of our own code; fixtures are as somebody else wrote them."""
    return [path for path in committed(pattern) if path.relative_to(ROOT).parts[0] != "fixtures"]


def requirement_name(requirement: str) -> str:
    """The normal form of a requirement's name: `SQLAlchemy>=2.1` is `sqlalchemy`."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~\[; ]", requirement)[0]).lower()


@pytest.fixture(scope="module")
def pins() -> list[str]:
    """The lines of the constraints file."""
    return (ROOT / "constraints.txt").read_text().splitlines()


WHOLE = {"tuimeter.py", "fake_model.py"}
"""Programs that are one file on purpose, to be carried to another machine."""


def test_the_top_level_holds_what_the_layout_names_and_nothing_else() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in committed()}
    assert found - TOP_LEVEL == set()


def test_init_files_are_empty() -> None:
    inits = sources("*__init__.py")
    assert len(inits) >= len(PACKAGES)
    assert [str(path) for path in inits if path.stat().st_size] == []


def test_no_source_file_holds_more_than_one_idea() -> None:
    lengths = {str(path): len(path.read_text().splitlines()) for path in sources("*.py") if path.name not in WHOLE}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_committed_file_names_a_download_host() -> None:
    guilty = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in committed()
        for host in DOWNLOAD_HOSTS
        if host.encode() in path.read_bytes()
    ]
    assert guilty == []


def test_constraints_are_names_and_versions_only() -> None:
    files = committed("*constraints.txt")
    assert len(files) == 2
    pins = [line for path in files for line in path.read_text().splitlines()]
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)] == []


def test_every_dependency_is_pinned(pins: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = {requirement_name(line) for line in pins}
    assert {requirement_name(requirement) for requirement in wanted} - pinned == set()
