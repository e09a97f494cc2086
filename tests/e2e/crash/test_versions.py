"""A worker of another version hands over as soon as no agent runs, and the run goes on."""

import sys

import pytest

from adapters.engine.client import LocalWorkers
from adapters.engine.lock import holder
from cockpit.version import program_version
from tests.e2e.crash.ending import check_house
from tests.e2e.crash.house import House, until
from tests.e2e.crash.play import Operator

pytestmark = [pytest.mark.crash, pytest.mark.timeout(200)]

NEWER = "99.0"
WORKER = f"""
import sys
from cockpit import wiring
wiring.program_version = lambda: {NEWER!r}
from cockpit.__main__ import main
sys.exit(main())
"""


def test_a_run_goes_on_under_workers_of_two_versions(house: House) -> None:
    house.tell("good", "hold.coder")
    operator = Operator(house)
    operator.start("only")
    run, old = operator.runs["only"], holder(house.home)
    assert old is not None
    newer = LocalWorkers(house.home, (sys.executable, "-c", WORKER, "--home", str(house.home), "worker"), NEWER)
    until("the agent works", lambda: house.at_work(run, "coder") and getattr(holder(house.home), "agents", 0))
    kept = newer.ensure()
    assert (kept.pid, kept.version) == (old.pid, program_version())
    assert "replaced once no agent runs" in kept.note
    house.untell("hold.coder")
    house.await_artefacts(run)
    until("no agent runs", lambda: not getattr(holder(house.home), "agents", 1))
    replaced = newer.ensure()
    assert (replaced.version, replaced.note, replaced.pid != old.pid) == (NEWER, "", True)
    operator.play()  # the operator's program is of the old version still, and takes over again
    assert getattr(holder(house.home), "version", "") == program_version()
    check_house(house, operator.runs)
