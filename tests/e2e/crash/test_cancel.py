"""Cancel ends the whole process tree of an agent, whatever left the session or lost its environment."""

import pytest

from tests.e2e.crash.ending import fingerprint
from tests.e2e.crash.house import House, until
from tests.e2e.crash.play import Operator

pytestmark = [pytest.mark.crash, pytest.mark.timeout(200)]

GROWN = 6
"""The agent, its sleep, and what it grew."""


@pytest.mark.parametrize("worker", ["there", "killed"])
def test_the_whole_tree_is_gone_and_the_package_is_there(house: House, worker: str) -> None:
    before = fingerprint(house.repo)
    house.tell("grow", "hold.coder")
    operator = Operator(house)
    operator.start("only")
    run = operator.runs["only"]
    until("the agent works", lambda: house.at_work(run, "coder"))
    (attempt,) = house.at_work(run, "coder")
    until("its tree has grown", lambda: len(house.tree(attempt)) >= GROWN)
    if worker == "killed":
        house.kill_worker()
    assert house.json("cancel", run)["state"] == "cancelled"
    until("the whole tree is gone", lambda: not house.tree(attempt))
    until("the package is there", lambda: house.view(run).packages)
    view = house.view(run)
    assert [(found.phase, found.state) for found in view.packages] == [("final", "frozen")]
    assert [(found.state, found.end_reason) for found in view.attempts] == [("cancelled", "cancelled")]
    assert {step.state for step in view.steps} == {"passed", "cancelled"}
    until("it is written back", lambda: {item.state for item in house.view(run).outbox} == {"delivered"})
    assert house.json("evidence", "verify", run)["ok"]
    assert house.json("audit", "verify")["ok"]
    assert len(house.noted("starts")) == 1
    assert fingerprint(house.repo) == before
