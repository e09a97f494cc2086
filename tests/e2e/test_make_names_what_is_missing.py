"""`make` on a machine that lacks something: one sentence with the package to install, and nothing begun."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.e2e


def python_that(answers: str) -> str:
    """A shell script in python3's place; `answers` is what it does when it is called with `-c CODE`."""
    return f'#!/bin/sh\ncase "$1" in -V) echo Python 3.9.2;; -c) {answers};; *) exit 99;; esac\n'


class Machine:
    """A clone without `.venv`, and a search path that holds only what was put there."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "a clone"
        self.tools = folder / "bin"
        self.clone.mkdir()
        self.tools.mkdir()
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, self.clone)
        for tool in ("sh", "make"):
            self.has(tool)

    def has(self, tool: str) -> None:
        """Put the real tool on the path."""
        real = shutil.which(tool)
        assert real is not None, f"this test needs {tool}"
        (self.tools / tool).symlink_to(real)

    def has_python(self, script: str) -> None:
        """Put a script in python3's place."""
        (self.tools / "python3").write_text(script)
        (self.tools / "python3").chmod(0o755)

    def make(self, target: str) -> tuple[str, str]:
        """Run a target that must fail; return what stands before make's own line, and that line."""
        ended = subprocess.run(
            ["make", target],
            cwd=self.clone,
            env={"PATH": str(self.tools), "HOME": str(self.clone.parent), "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode != 0
        assert sorted(path.name for path in self.clone.iterdir()) == ["Makefile", "constraints.txt", "pyproject.toml"]
        *sentence, last = ended.stdout.splitlines()
        return "\n".join(sentence), last


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with a shell and make."""
    return Machine(tmp_path)


@pytest.mark.parametrize("target", ["cockpit", "test"])
def test_without_git(machine: Machine, target: str) -> None:
    machine.has_python(python_that("exit 0"))
    sentence, last = machine.make(target)
    assert sentence == "Cockpit needs git: install the Debian package git (apt install git)."
    assert last.endswith("Error 1")


def test_without_python(machine: Machine) -> None:
    machine.has("git")
    sentence, last = machine.make("cockpit")
    assert "\n" not in sentence
    assert "install the Debian packages python3 and python3-venv" in sentence
    assert last.endswith("Error 1")


def test_with_an_old_python(machine: Machine) -> None:
    machine.has("git")
    machine.has_python(python_that("exit 1"))
    sentence, last = machine.make("cockpit")
    assert "\n" not in sentence
    assert "python3 is Python 3.9.2: install the Debian package python3.11-venv" in sentence
    assert last.endswith("Error 1")


def test_without_venv(machine: Machine) -> None:
    machine.has("git")
    machine.has_python(python_that('case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac'))
    sentence, last = machine.make("test")
    assert "\n" not in sentence
    assert "install the Debian package python3-venv" in sentence
    assert last.endswith("Error 1")
