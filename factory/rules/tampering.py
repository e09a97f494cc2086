"""Which changed files decide how tests run: whoever changes them could change the proof instead of the code (FP5)."""

import posixpath
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from factory.model.run import Criterion

_FOLDERS = frozenset({"tests", "test", "__tests__", "spec", "specs", "__mocks__", "__snapshots__"})
_NAMES = (
    *("test_*.*", "*_test.*", "*.test.*", "*.spec.*", "*_spec.*", "test.py", "tests.py", "*test.java", "*tests.java"),
    *(
        "conftest.py",
        "pytest.ini",
        ".pytest.ini",
        "pytest.toml",
        "tox.ini",
        "setup.cfg",
        "pyproject.toml",
        "noxfile.py",
    ),
    *("package.json", "jest.config.*", "vitest.config.*", "karma.conf.*", ".mocharc*", "playwright.config.*", ".rspec"),
    *(".coveragerc", "phpunit.xml*"),
    # Scripts that say of themselves that they check: an acceptance often runs one, directly or from a Makefile.
    *("check*.*", "check", "*[-_]check.*", "test", "test*.sh", "run[-_]tests*", "runtests*", "verify*.*", "verify"),
    *("accept*.sh", "acceptance*.*", "*.bats"),
    # Python imports these on its own, before any test: they can end the process with a zero.
    *("sitecustomize.py", "usercustomize.py", "*.pth"),
)
_BUILD_FILES = (
    *("makefile", "gnumakefile", "*.mk", "justfile", "taskfile.y*ml", "rakefile", "*.gradle", "*.gradle.kts"),
    *("cmakelists.txt", "build.xml", "pom.xml", "dockerfile", "tasks.py", "dodo.py"),
)
_SHADOWS = frozenset({"pytest", "_pytest", "pluggy", "unittest"})
"""A module of this name in the checkout is imported instead of the real one by `python -m pytest`."""


def touched_tests(files: Sequence[str]) -> tuple[str, ...]:
    """Those of the changed files that are tests, test configuration, or run by themselves; in the order given."""
    return tuple(name for name in files if _decides_tests(PurePosixPath(name.casefold())))


def steers_commands(files: Sequence[str], criteria: Sequence[Criterion]) -> tuple[str, ...]:
    """Changed files that are no tests by name and yet have a say in a command: build files, and what a command names.

    Worth a note, not a refutation: the same file may well be what the goal is about.
    """
    words = {posixpath.normpath(word.partition("::")[0]) for item in criteria for word in item.command}
    tests = set(touched_tests(files))
    return tuple(name for name in files if name not in tests and (name in words or _is_build_file(name)))


def _is_build_file(name: str) -> bool:
    return any(fnmatchcase(PurePosixPath(name.casefold()).name, pattern) for pattern in _BUILD_FILES)


def _decides_tests(path: PurePosixPath) -> bool:
    return (
        any(part in _FOLDERS for part in path.parts[:-1])
        or any(fnmatchcase(path.name, pattern) for pattern in _NAMES)
        or bool(_SHADOWS.intersection(path.parts[:1]))
        or (len(path.parts) == 1 and path.suffix == ".py" and path.stem in _SHADOWS)
    )
