"""The mirror keeps the promises that the outbox has of every target; payloads are those of `factory.rules.mission`."""

from dataclasses import replace

import pytest

from adapters.mission.client import open_mission
from adapters.mission.target import MissionTarget
from cockpit.setting_values import short_line
from factory.errors import Refused, Unreachable
from factory.model.outbox import OutboxItem
from factory.model.run import Run
from factory.model.view import RunView
from factory.ports.knowledge import Paced, Probed
from factory.rules.mission import goal_write
from factory.rules.outbox import outbox_item
from tests.support.fake_mission_control import PASSWORD, URL, FakeMissionControl


class Deaf:
    """Hears of contradictions and does not care."""

    def differs(self, run: str, subject: str, ours: str, theirs: str, *, proposed: bool = False) -> None:
        """Nothing."""

    def agrees(self, run: str, subject: str) -> None:
        """Nothing."""


@pytest.fixture
def fake() -> FakeMissionControl:
    return FakeMissionControl()


@pytest.fixture
def target(fake: FakeMissionControl) -> MissionTarget:
    client = open_mission(URL, "operator1", lambda: PASSWORD, fake.transport())
    return MissionTarget(client, "cockpit", "", Deaf())


def goal(run: str = "run_1") -> OutboxItem:
    write = goal_write(RunView(run=Run(id=run, goal="Fix it")))
    return outbox_item(run, "mission", write.op, write.payload, write.lane)


def arrived(item: OutboxItem, ref: str) -> OutboxItem:
    return replace(item, remote_ref=ref, tries=1)


def test_a_delivered_item_says_where_it_is(target: MissionTarget) -> None:
    outcome, ref = target.deliver(goal())
    assert (outcome, ref) == ("delivered", "tasks/1")
    assert target.confirm(arrived(goal(), ref))


def test_the_same_item_again_is_the_same(target: MissionTarget, fake: FakeMissionControl) -> None:
    _, ref = target.deliver(goal())
    before = dict(fake.books.tasks[1])
    assert target.deliver(goal(), lambda _: ref) == ("delivered", ref)
    assert fake.books.tasks == {1: before}


def test_a_target_that_is_down_is_unreachable_and_comes_back(target: MissionTarget, fake: FakeMissionControl) -> None:
    _, ref = target.deliver(goal())
    fake.faults.set("refuse")
    with pytest.raises(Unreachable):
        target.deliver(goal("run_2"))
    with pytest.raises(Unreachable):
        target.confirm(arrived(goal(), ref))
    with pytest.raises(Unreachable):
        target.probe()
    fake.faults.clear()
    assert target.confirm(arrived(goal(), ref))
    assert target.probe() == "2.3.0"
    assert target.deliver(goal("run_2"))[0] == "delivered"


@pytest.mark.parametrize("ref", ["", "tasks/99"])
def test_what_never_arrived_is_refused_at_the_confirmation(target: MissionTarget, ref: str) -> None:
    with pytest.raises(Refused):
        target.confirm(arrived(goal(), ref))


def test_it_can_be_asked_whether_it_works_and_says_when_it_takes_no_more(
    target: MissionTarget, fake: FakeMissionControl
) -> None:
    assert isinstance(target, Probed)
    assert isinstance(target, Paced)
    assert target.probe() == "2.3.0"
    fake.faults.set("busy_silent", left=1, only=lambda request: request.url.path == "/api/tasks")
    with pytest.raises(Unreachable):
        target.deliver(goal())
    assert target.ready_in_s(goal()) > 0
    with pytest.raises(Unreachable) as raised:
        target.probe()
    assert raised.value.code == "busy"
    target.deliver(goal())
    assert target.probe() == "2.3.0"
    target.close()


@pytest.mark.parametrize("op", ["dance", "page", "remember"])
def test_an_unknown_operation_is_refused(target: MissionTarget, op: str) -> None:
    with pytest.raises(Refused):
        target.deliver(outbox_item("run_1", "mission", op, {"id": "x"}))


@pytest.mark.parametrize("op", ["goal", "cancel", "step", "gate", "decide", "attempt", "message"])
def test_a_payload_of_another_form_is_refused(target: MissionTarget, fake: FakeMissionControl, op: str) -> None:
    with pytest.raises(Refused):
        target.deliver(outbox_item("run_1", "mission", op, {"id": "x"}))
    assert fake.books.tasks == {}


@pytest.mark.parametrize("op", ["attempt", "message"])
def test_what_belongs_to_a_goal_waits_for_it(target: MissionTarget, op: str) -> None:
    payload = {"id": "x", "parent": "run_1", "text": "t", "fields": "{}"}
    with pytest.raises(Unreachable) as raised:
        target.deliver(outbox_item("run_1", "mission", op, payload))
    assert raised.value.code == "not_yet"


def test_what_the_operator_decided_may_go_when_the_rest_waits(fake: FakeMissionControl) -> None:
    client = open_mission(URL, "operator1", lambda: PASSWORD, fake.transport(), lambda: 0.0)
    target = MissionTarget(client, "cockpit", "", Deaf())
    while client.pace.ready_in_s() == 0:
        client.pace.spend()
    decided = outbox_item("run_1", "mission", "decide", {"id": "apr_1"})
    free = outbox_item("run_1", "mission", "attempt", {"id": "att_1"})
    assert target.ready_in_s(goal()) > 0
    assert target.ready_in_s(decided) == target.ready_in_s(free) == 0


def test_a_project_is_found_by_its_name_and_a_missing_one_is_named(fake: FakeMissionControl) -> None:
    client = open_mission(URL, "operator1", lambda: PASSWORD, fake.transport())
    fake.books.projects.append({"id": 7, "name": "Reports", "ticket_prefix": "REP"})
    MissionTarget(client, "cockpit", "Reports", Deaf()).deliver(goal())
    assert fake.books.tasks[1]["project_id"] == 7
    with pytest.raises(Unreachable, match="Elsewhere"):
        MissionTarget(client, "cockpit", "Elsewhere", Deaf()).deliver(goal())


@pytest.mark.parametrize("name", ["x" * 100, "🏭" * 50])
def test_the_longest_assignee_that_a_setting_can_name_fits(fake: FakeMissionControl, name: str) -> None:
    assert short_line(100)(name) == name
    client = open_mission(URL, "operator1", lambda: PASSWORD, fake.transport())
    MissionTarget(client, name, "", Deaf()).deliver(goal())
    assert fake.books.tasks[1]["assigned_to"] == name
    with pytest.raises(ValueError, match="100 is the most"):
        short_line(100)(f"{name}x")
