"""`make test-agents`: the agents that people use, against a scripted model. `AGENTS="claude codex"`: only those."""

import os
from collections.abc import Iterator

import pytest

from tests.agents.installing import NotHereError, node_folder, program
from tests.agents.rig import ALL, RealAgent

MISSING: dict[str, str] = {}
"""Why agents were skipped, for the summary."""


def wanted() -> list[str]:
    """The agents that were asked for, those that matter most first."""
    named = os.environ.get("COCKPIT_AGENTS", "").split()
    return [name for name in ALL if name in named or not named]


def installed(name: str) -> None:
    """Have the program of an agent, or skip with the reason."""
    if name not in wanted():
        pytest.skip(f"{name} was not asked for")
    if name not in MISSING:
        try:
            node_folder()
            program(name)
            return
        except NotHereError as error:
            MISSING[name] = str(error)
    pytest.skip(f"{name}: {MISSING[name]}")


@pytest.fixture
def agent(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAgent]:
    """One installed agent in a repository of its own; the test names it."""
    installed(request.param)
    with pytest.MonkeyPatch.context() as patch:
        yield RealAgent(ALL[request.param], tmp_path_factory.mktemp(request.param), patch)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was skipped."""
    for name, reason in MISSING.items():
        terminalreporter.write_line(f"Skipped: every test of {name}, because {reason}.")
