"""A permission request whose agent has ended says so, and nobody is asked to answer it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from factory.errors import Refused
from factory.model.permission import Permission
from factory.model.step import Attempt
from factory.operations.permissions import allow, open_permissions
from factory.ports.agents import AgentResult, AgentTask
from tests.unit.workflow.floor import Floor, Turn, write


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path)


def asking(floor: Floor, then: Turn) -> Turn:
    """A coder that asks, and ends as `then` does before anybody has answered."""

    def turn(task: AgentTask) -> AgentResult:
        attempt = floor.ledger.find(Attempt, run=task.run)[-1]
        asked = Permission(
            id="prm_1", run=task.run, step=task.step, attempt=attempt.id, ask="1", kind="run", title="touch X"
        )
        floor.ledger.write("worker", lambda tx: tx.put(asked, "permission.ask"))
        assert floor.ledger.rows()[0].asks == 1
        return then(task)

    return turn


def lost(task: AgentTask) -> AgentResult:
    """Its engine gives it up."""
    raise Refused("The disk is full.", code="disk_full")


def crashed(task: AgentTask) -> AgentResult:
    """Its process is gone."""
    return AgentResult(None, "lost", outcome="crashed")


@pytest.mark.parametrize("then", [lost, crashed, write("right")])
async def test_a_request_whose_agent_has_ended_says_so(floor: Floor, then: Callable[[AgentTask], AgentResult]) -> None:
    floor.agents.coder = [asking(floor, then), write("right")]
    floor.launch()
    await floor.go()
    asked = floor.ledger.get(Permission, "prm_1")
    assert (asked.state, asked.words) == ("void", "its agent has ended")
    assert (open_permissions(floor.ports), floor.ledger.rows()[0].asks) == ((), 0)
    with pytest.raises(Refused, match="its agent has ended"):
        allow(floor.ports, "prm_1")


async def test_what_was_answered_stays_as_it_was(floor: Floor) -> None:
    def answered(task: AgentTask) -> AgentResult:
        allow(floor.ports, "prm_1")
        return crashed(task)

    floor.agents.coder = [asking(floor, answered), write("right")]
    floor.launch()
    await floor.go()
    assert floor.ledger.get(Permission, "prm_1").state == "allowed"
