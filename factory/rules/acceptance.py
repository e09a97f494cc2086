"""Acceptance criteria: how `ID: text :: command` is read, and which test command a repository brings along."""

import re
import shlex
from collections.abc import Sequence
from pathlib import PurePosixPath

from factory.errors import Usage
from factory.model.run import Criterion
from factory.rules.pytest_call import is_pytest as is_pytest

SEPARATOR = " :: "
FORM = "Write it as 'ID: text :: command', for example 'A1: parts add up :: python3 -m pytest -q tests/test_split.py'."

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,15}")
_SHOWN = 60


def parse_criterion(text: str) -> Criterion:
    """The criterion that `ID: text :: command` says. The text ends at the first ` :: `.

    Raises:
        Usage: it is not of that form; the sentence names the fault.
    """
    head, mark, command = text.partition(SEPARATOR)
    if not mark:
        raise _fault(text, "it has no ' :: ' (with spaces) before a command")
    name, colon, claim = (part.strip() for part in head.partition(":"))
    if not colon or not _ID.fullmatch(name):
        raise _fault(text, f"{name!r} is no ID: a letter, then up to 15 letters, digits, '_' or '-', then a colon")
    if not claim:
        raise _fault(text, f"{name} has no text that says what must hold")
    if any(ord(character) < 32 for character in claim):
        raise _fault(text, f"the text of {name} holds a control character")
    return Criterion(id=name, text=claim, command=_command(text, command))


def parse_criteria(texts: Sequence[str]) -> tuple[Criterion, ...]:
    """All criteria, in the order given.

    Raises:
        Usage: one is malformed, or two have the same ID.
    """
    criteria = tuple(parse_criterion(text) for text in texts)
    seen: set[str] = set()
    for criterion in criteria:
        if criterion.id in seen:
            raise Usage(f"Two acceptance criteria are called {criterion.id}.", "Give each its own ID.")
        seen.add(criterion.id)
    return criteria


def default_criterion(files: Sequence[str]) -> Criterion | None:
    """`A1: the repository's tests pass`, or None when no test command can be told from the file names."""
    command = detect_command(files)
    return Criterion(id="A1", text="the repository's tests pass", command=command) if command else None


def detect_command(files: Sequence[str]) -> tuple[str, ...]:
    """The command that runs a repository's tests, told from its file names alone; empty when they do not tell.

    Args:
        files: Paths relative to the repository's root, with `/`.
    """
    paths = [PurePosixPath(name) for name in files]
    roots = {path.name for path in paths if len(path.parts) == 1}
    if _has_python_tests(paths, roots):
        return ("python3", "-m", "pytest", "-q")
    if "package.json" in roots and any(re.search(r"\.test\.[jt]sx?$", path.name) for path in paths):
        return ("npm", "test")
    if "go.mod" in roots and any(path.name.endswith("_test.go") for path in paths):
        return ("go", "test", "./...")
    if "Cargo.toml" in roots and any(path.parts[0] == "tests" and path.suffix == ".rs" for path in paths):
        return ("cargo", "test")
    return ()


def _has_python_tests(paths: Sequence[PurePosixPath], roots: set[str]) -> bool:
    own = [path for path in paths if path.suffix == ".py" and not _is_foreign(path)]
    if any(path.name.startswith("test_") or path.stem.endswith("_test") for path in own):
        return True
    # With other names pytest collects only what its settings say: there must be settings, and a folder of tests.
    settings = roots & {"pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg", "conftest.py"}
    return bool(settings) and any(path.parts[0] in {"tests", "test"} and path.stem != "__init__" for path in own)


def _is_foreign(path: PurePosixPath) -> bool:
    return any(part in {"node_modules", "site-packages", "vendor"} or part.startswith(".") for part in path.parts[:-1])


def _command(text: str, command: str) -> tuple[str, ...]:
    if "\0" in command:
        raise _fault(text, "its command holds a NUL")
    try:
        argv = tuple(shlex.split(command))
    except ValueError as error:
        raise _fault(text, f"its command cannot be split into words ({str(error).lower().rstrip('.')})") from error
    if not argv or not argv[0]:
        raise _fault(text, "its command is empty")
    return argv


def _fault(text: str, fault: str) -> Usage:
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return Usage(f"The acceptance criterion {shown!r} cannot be used: {fault}.", FORM)
