"""Which changed files decide how tests run: whoever changes them could change the proof instead of the code (FP5)."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

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
    # Python imports these on its own, before any test: they can end the process with a zero.
    *("sitecustomize.py", "usercustomize.py", "*.pth"),
)
_SHADOWS = frozenset({"pytest", "_pytest", "pluggy", "unittest"})
"""A module of this name in the checkout is imported instead of the real one by `python -m pytest`."""


def touched_tests(files: Sequence[str]) -> tuple[str, ...]:
    """Those of the changed files that are tests, test configuration, or run by themselves; in the order given."""
    return tuple(name for name in files if _decides_tests(PurePosixPath(name.casefold())))


def _decides_tests(path: PurePosixPath) -> bool:
    return (
        any(part in _FOLDERS for part in path.parts[:-1])
        or any(fnmatchcase(path.name, pattern) for pattern in _NAMES)
        or bool(_SHADOWS.intersection(path.parts[:1]))
        or (len(path.parts) == 1 and path.suffix == ".py" and path.stem in _SHADOWS)
    )
