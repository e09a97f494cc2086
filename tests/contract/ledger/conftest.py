"""The ledgers that keep the same promises."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.ledger.looking import LookingLedger
from adapters.ledger.open import open_ledger
from factory.ports.ledger import Ledger
from tests.fakes.clock import FixedClock
from tests.fakes.ledger import MemoryLedger


@pytest.fixture
def clock() -> FixedClock:
    """What the ledger takes its times from."""
    return FixedClock()


@pytest.fixture(params=["sqlite", "looking", "memory"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[Ledger]:
    """An empty ledger of each kind."""
    if request.param == "memory":
        yield MemoryLedger(clock)
        return
    with closing(open_ledger(tmp_path / "ledger.db", clock)) as whole:
        if request.param == "sqlite":
            yield whole
            return
        with closing(LookingLedger(tmp_path / "ledger.db", clock.now, lambda: whole)) as ledger:
            yield ledger
