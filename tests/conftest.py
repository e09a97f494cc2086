"""One environment for every test: no colours, locale, zone, settings or git identity of the machine it runs on."""

import gc
import os
import signal
import time
from pathlib import Path

import pytest
from hypothesis import settings

_FOREIGN = ("COLORTERM", "FORCE_COLOR", "LANG", "LANGUAGE", "NO_COLOR", "PYTEST_ADDOPTS", "TZ")
_FOREIGN_PREFIXES = ("COCKPIT_", "GIT_", "LC_", "TEXTUAL_")
_OF_THE_RUNNER = ("TEXTUAL_SNAPSHOT_", "COCKPIT_CRASH_SEED", "COCKPIT_AGENTS", "COCKPIT_LIGHTRAG")
"""The snapshot plugin tells its own processes where to put their parts of the report; a person chooses the seed, and
which real agents are tested."""
_FIXED = {
    "COLUMNS": "80",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "LANG": "C.UTF-8",
    "LINES": "24",
    "TERM": "xterm-256color",
    "TEXTUAL_ANIMATIONS": "none",
    "TZ": "UTC",
}


def _settle_environment() -> None:
    for name in list(os.environ):
        if name in _FOREIGN or (name.startswith(_FOREIGN_PREFIXES) and not name.startswith(_OF_THE_RUNNER)):
            del os.environ[name]
    os.environ.update(_FIXED)
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a shell does so to what it runs in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    time.tzset()


# Textual and Rich read the environment once, when they are imported: this has to come before any test module.
_settle_environment()

# A busy machine is not a defect, so no deadline; CI tries the same examples every time.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay to the end: the garbage collector need not look there again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty place for a cockpit's home; it does not exist yet."""
    return tmp_path / "home"
