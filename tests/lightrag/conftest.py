"""`make test-lightrag`: the real LightRAG server, installed from its package, with fake models behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lightrag.installing import NotHereError, python
from tests.lightrag.rig import RealRoom
from tests.lightrag.server import RealServer
from tests.support.fake_models import FakeModels
from tests.support.faults import Faults
from tests.support.loopback import served

MISSING: list[str] = []
"""Why everything was skipped, for the summary."""


@pytest.fixture(scope="session")
def server_python() -> Path:
    """The Python that has the server, or a skip with the reason."""
    try:
        return python()
    except NotHereError as error:
        MISSING.append(str(error))
        pytest.skip(str(error))


@pytest.fixture
def room(server_python: Path, tmp_path: Path) -> Iterator[RealRoom]:
    """A running server over an empty folder, and an outbox that writes to it."""
    models, faults = FakeModels(), Faults()
    with served(models.answer, faults) as url:
        server = RealServer(server_python, tmp_path, url)
        try:
            server.start()
            with RealRoom(server, models, faults) as made:
                yield made
        finally:
            server.kill()
            faults.clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was skipped."""
    for reason in MISSING:
        terminalreporter.write_line(f"Skipped: every test of the real LightRAG server, because {reason}.")
