"""Whether a command is a call of pytest: then its report counts, not its exit code alone."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

_PYTEST = re.compile(r"pytest(-?3(\.\d+)?)?|py\.test(-3)?")
_PYTHON = re.compile(r"(python|pypy)(\d(\.\d+)?)?")
_RUNNERS = {("uv", "run"), ("poetry", "run"), ("pipenv", "run"), ("pdm", "run"), ("rye", "run"), ("coverage", "run")}
_TAKES_VALUE = {"-W", "-X", "-Q"}


def is_pytest(argv: Sequence[str]) -> bool:
    """Whether `argv` starts pytest: by name, as `python -m pytest`, or behind `env`, `uv run` and their like."""
    if not argv:
        return False
    program = PurePosixPath(argv[0]).name
    rest = list(argv[1:])
    if _PYTEST.fullmatch(program):
        return True
    if program == "env":
        return is_pytest(_after_assignments(rest))
    if rest and (program, rest[0]) in _RUNNERS:
        return is_pytest(rest[1:]) or _runs_module(rest[1:])
    return bool(_PYTHON.fullmatch(program)) and _runs_module(rest)


def _after_assignments(words: list[str]) -> list[str]:
    """What `env` starts: its words without its own options and `NAME=value`."""
    while words and (words[0].startswith("-") or "=" in words[0]):
        words = words[2:] if words[0] == "-u" else words[1:]
    return words


def _runs_module(words: list[str]) -> bool:
    """Whether Python's own options end in `-m pytest` (or in `-m coverage run -m pytest`)."""
    while words and words[0].startswith("-"):
        if words[0].startswith("-m"):
            module, *rest = [words[0][2:], *words[1:]] if words[0][2:] else [*words[1:], ""]
            return module == "pytest" or (module == "coverage" and rest[:1] == ["run"] and _runs_module(rest[1:]))
        words = words[2:] if words[0] in _TAKES_VALUE else words[1:]
    return False
