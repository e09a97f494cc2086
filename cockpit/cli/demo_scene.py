"""The demo's stage: its fixtures, a git repository made from them, and the launch of its goal."""

import shutil
import subprocess
from pathlib import Path

from factory.errors import Missing, Unreachable
from factory.model.launch import Launch

GOAL = "Fix split(): parts must add up to the total"
ACCEPT = (
    "A1: parts sum to the total :: pytest -q acceptance/test_split.py::test_a1_parts_add_up_to_the_total",
    "A2: parts differ by at most one cent :: "
    "pytest -q acceptance/test_split.py::test_a2_parts_differ_by_at_most_one_cent",
    "A3: fewer than one way raises ValueError :: "
    "pytest -q acceptance/test_split.py::test_a3_fewer_than_one_way_raises_value_error",
)
_GIT = ("git", "-c", "user.name=Demo", "-c", "user.email=demo@example.invalid", "-c", "commit.gpgsign=false")


def fixtures() -> Path:
    """The demo's fixtures: in the installed package, else in the source tree.

    Raises:
        Missing: neither is there.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "demo", package.parent / "fixtures" / "demo"):
        if (folder / "coder.json").is_file():
            return folder
    raise Missing("The demo's fixtures are not installed.", "Install the package again, or run from its source tree.")


def make_repository(folder: Path) -> Path:
    """A git repository with the defect, in `folder`; one that is there already is used again.

    Raises:
        Unreachable: git is missing or failed.
    """
    if (folder / ".git").is_dir():
        return folder
    shutil.copytree(fixtures() / "repository", folder, dirs_exist_ok=True)
    for arguments in (
        ("init", "-q", "-b", "main"),
        ("add", "-A"),
        ("commit", "-q", "-m", "split: share an amount in parts"),
    ):
        try:
            subprocess.run([*_GIT, *arguments], cwd=folder, check=True, capture_output=True)
        except FileNotFoundError as error:
            raise Unreachable("git is not installed.", "Install it: apt-get install git") from error
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip().splitlines()
            raise Unreachable(f"git {arguments[0]} failed: {said[-1] if said else error.returncode}") from error
    return folder


def demo_launch(repository: Path) -> Launch:
    """The launch of the demo's goal: scripted agents, which say so."""
    place = fixtures()
    return Launch(
        goal=GOAL,
        repo=repository,
        domain="backend",
        priority="H",
        accept=ACCEPT,
        coder=f"scripted:{place / 'coder.json'}",
        verifier=f"scripted:{place / 'verifier.json'}",
        accept_dir=place / "acceptance",
        labels=("demo",),
    )
