"""The cockpit says of a key that it is dead exactly when the operation would refuse it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from adapters.ledger.open import open_ledger
from cockpit.dead_keys import why_not
from factory.errors import Refused
from factory.model.run import Run, RunState
from factory.model.step import Attempt, Step, StepState
from factory.model.thread import Thread, ThreadState
from factory.operations.verify import BUSY, verify
from factory.ports.ledger import Ledger
from tests.fakes.clock import FixedClock

CLOCK = FixedClock()
RUNS: tuple[RunState, ...] = ("running", "blocked", "paused", "done")
OPEN_BUILDS: tuple[StepState, ...] = ("pending", "running", "stalled", "retry_wait", "blocked", "awaiting_verdict")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    file = Path(tmp_path_factory.mktemp("home"), "ledger.db")
    with closing(open_ledger(file, CLOCK)) as opened:
        yield opened


@pytest.mark.parametrize("build", OPEN_BUILDS)
@pytest.mark.parametrize("state", RUNS)
def test_v_is_alive_exactly_where_the_verifier_may_be_asked(ledger: Ledger, state: RunState, build: StepState) -> None:
    for told in get_args(ThreadState):
        run = f"run_{state}_{build}_{told}"
        _put(ledger, run, state, build, told)
        row = next(row for row in ledger.rows() if row.id == run)
        is_alive = not why_not("verify", row)
        assert is_alive == (_is_taken(ledger, run) and told not in BUSY), (state, build, told)


def _put(ledger: Ledger, run: str, state: RunState, build: StepState, told: ThreadState) -> None:
    made = (
        Run(id=run, goal="g", state=state),
        Step(id=f"stp_b{run}", run=run, kind="build", order=1, state=build),
        Step(id=f"stp_v{run}", run=run, kind="verify", order=2, state="ready"),
        Thread(id=f"thr_{run}", run=run, step=f"stp_b{run}", state=told),
        Attempt(id=f"att_{run}", run=run, step=f"stp_b{run}", n=1, state="succeeded", artefacts=("a" * 64,)),
    )
    ledger.write("a", lambda tx: [tx.put(entity, "test.put") for entity in made])


def _is_taken(ledger: Ledger, run: str) -> bool:
    workers = SimpleNamespace(ensure=lambda: None)
    ports: Any = SimpleNamespace(ledger=ledger, actor="a", clock=CLOCK, workers=workers)
    try:
        verify(ports, run)
    except Refused:
        return False
    return True
