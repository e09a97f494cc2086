"""Attempts that are lost, and agents that nobody knows."""

from pathlib import Path

import pytest

from factory.errors import Missing, Refused
from factory.operations.retry import retry
from tests.unit.workflow.floor import Floor, write


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path)


async def test_an_attempt_that_the_engine_lost_is_ended_and_its_money_given_back(floor: Floor) -> None:
    def lost(task):  # type: ignore[no-untyped-def]
        raise Refused("The disk is full.", code="disk_full")

    floor.agents.coder = [lost, write("right")]
    floor.launch()
    view = await floor.go()
    assert [(attempt.state, attempt.end_reason) for attempt in view.attempts] == [("lost", "disk_full")]
    budget = view.budget("run")
    assert budget is not None
    assert budget.reserved_micros == 0
    retry(floor.ports, floor.run_id)
    assert (await floor.go()).step("build").state == "awaiting_verdict"


def test_an_agent_of_an_unknown_company_is_missing(floor: Floor) -> None:
    floor.agents.company = lambda agent: "Nobody & Sons"  # type: ignore[method-assign]
    with pytest.raises(Missing, match="Nobody & Sons"):
        floor.launch()
    assert floor.ledger.rows() == ()
