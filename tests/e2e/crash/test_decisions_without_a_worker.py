"""The worker is killed while a run waits for a person, who decides all the same: each decision counts once."""

from typing import Any

import pytest

from tests.e2e.crash.ending import check_house, end_of
from tests.e2e.crash.house import House
from tests.e2e.crash.play import Operator

pytestmark = [pytest.mark.crash, pytest.mark.timeout(200)]


def test_decisions_that_no_worker_saw_are_carried_out_once(house: House, calm: dict[str, Any]) -> None:
    operator = Operator(house)
    operator.start("only")
    run = operator.runs["only"]
    house.await_artefacts(run)
    house.kill_worker()
    for _ in range(2):
        house.decide_alone("verify", run)
    assert house.view(run).thread.state == "requested"
    operator.start("only")
    house.await_state(run, "awaiting_qa")
    house.kill_worker()
    digest = house.json("review", run)["digest"]
    first = house.decide_alone("approve", run, "--digest", digest)
    assert house.decide_alone("approve", run, "--digest", digest) == first
    assert house.view(run).run.state == "closing"
    operator.start("only")
    operator.play()
    assert end_of(house, run) == calm
    check_house(house, operator.runs)
