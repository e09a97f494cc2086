"""A run of the real workflow beside its mirror: it does not notice, whatever the server does."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.mission.client import open_mission
from adapters.mission.target import MissionTarget
from adapters.mission.verdicts import Verdicts
from factory.model.outbox import OutboxItem
from factory.operations.decide import approve
from factory.workflow.contradictions import Contradictions
from factory.workflow.delivery import deliver_due
from factory.workflow.mirroring import Mirror
from tests.support.fake_mission_control import PASSWORD, URL, FakeMissionControl
from tests.support.faults import Fault
from tests.unit.workflow.floor import Floor, says, write


class Beside:
    """A floor, a Mission Control, and the worker's thread between them."""

    def __init__(self, home: Path) -> None:
        self.floor = floor = Floor(home)
        self.seconds = 1_800_000_000.0
        self.fake = FakeMissionControl(lambda: self.seconds)
        client = open_mission(URL, "operator1", lambda: PASSWORD, self.fake.transport(), lambda: self.seconds)
        told = Contradictions(floor.ledger, floor.clock)
        target = MissionTarget(client, "cockpit", "", told, Verdicts(client, lambda: self.seconds))
        floor.ports = replace(floor.ports, targets={"mission": target}, copies={"goal": ("mission",)})
        floor.forget()
        self.mirror = Mirror(floor.ports)

    def look(self, times: int = 1) -> None:
        """Passes of the thread."""
        for _ in range(times):
            self.mirror.look()
            deliver_due(self.floor.ports, self.floor.clock.now(), lambda _tries, _id: 1.0)
            self.floor.clock.advance(31)
            self.seconds += 31

    async def play(self) -> None:
        """A goal becomes done."""
        floor = self.floor
        floor.agents.coder, floor.agents.verifier = [write("right")], [says("pass", ["has calc.py right"])]
        floor.launch()
        self.look()
        floor.on_wait = [floor.press_v]
        await floor.go()
        self.look(2)
        approve(floor.ports, floor.run_id, floor.gate.package_digest)
        await floor.go()

    def items(self) -> list[OutboxItem]:
        """What was queued for the mirror."""
        return list(self.floor.ledger.find(OutboxItem, target="mission"))


@pytest.mark.parametrize("fault", [None, "refuse", "hang", "broken", "web_page", "unauthorised"])
async def test_done_implies_a_row_and_in_the_end_the_mirror_says_so(tmp_path: Path, fault: Fault | None) -> None:
    beside = Beside(tmp_path)
    if fault:
        beside.fake.faults.set(fault, has_effect=True)
    await beside.play()
    view = beside.floor.view
    assert view.run.state == "done"
    assert [item.op for item in beside.items()].count("goal") >= 1
    assert not [blocker for blocker in view.open_blockers if blocker.severity == "block"]
    beside.fake.faults.clear()
    beside.look(12)
    assert {item.state for item in beside.items()} == {"delivered"}
    tasks = beside.fake.books.tasks.values()
    assert sorted((task["metadata"]["kind"], task["status"]) for task in tasks) == [("gate", "done"), ("goal", "done")]
    runs = beside.fake.books.runs.values()
    assert sorted((run["status"], run["cost"]["cost_usd"]) for run in runs) == [
        ("completed", 0.01),
        ("completed", 0.02),
    ]
    assert any(run["steps"] for run in runs)
    assert len(beside.fake.books.comments) == len(view.messages)
    assert beside.fake.sins == []


async def test_a_goal_row_is_in_the_transaction_that_ends_the_run(tmp_path: Path) -> None:
    beside = Beside(tmp_path)
    beside.look = lambda times=1: None  # type: ignore[method-assign]
    await beside.play()
    assert [item.op for item in beside.items()] == ["goal"]
