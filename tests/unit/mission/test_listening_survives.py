"""The incoming side through cuts and faults: nothing is lost, the age is told, one alert for one outage."""

from dataclasses import replace

import pytest

from tests.support.fake_mission_control import OPERATOR
from tests.support.faults import FAULTS, Fault
from tests.unit.mission.listening_rig import ListeningRig


@pytest.fixture
def rig() -> ListeningRig:
    return ListeningRig()


def test_what_was_missed_is_read_as_soon_as_the_stream_is_back(rig: ListeningRig) -> None:
    rig.connect()
    rig.listen()
    rig.cut()
    rig.ask()
    rig.listen(1)
    assert rig.requests() == []
    rig.connect()
    rig.listener.step()
    assert len(rig.requests()) == 1


def test_without_a_stream_it_is_degraded_and_asked_more_often(rig: ListeningRig) -> None:
    rig.connect()
    rig.listen()
    assert rig.health().state == "up"
    assert rig.health().release == "2.3.0"
    rig.cut()
    rig.listen(70, apart_s=1)
    health = rig.health()
    assert health.state == "degraded"
    assert health.detail == "The event stream is silent since 12:00:00 UTC; it is asked every 15 s instead."
    rig.ask()
    rig.listen(16, apart_s=1)
    assert len(rig.requests()) == 1
    rig.connect()
    rig.listen()
    assert rig.health().state == "up"
    assert rig.alerts() == []


def test_a_write_that_arrives_does_not_say_that_the_stream_is_back(rig: ListeningRig) -> None:
    rig.listen(60, apart_s=1)
    assert rig.health().state == "degraded"
    rig.start()
    rig.look(3)
    assert rig.goal["status"] == "in_progress"
    assert rig.health().state == "degraded"


def test_an_outage_of_writes_is_not_ended_by_reads_that_work(rig: ListeningRig) -> None:
    rig.connect()
    rig.listen()
    rig.fake.faults.set("busy", only=lambda request: request.method != "GET")
    rig.start()
    for _ in range(20):
        rig.look()
        rig.listen(10, apart_s=1)
    assert rig.alerts() == ["port.outage"]
    rig.fake.faults.clear()
    rig.look(20)
    rig.listen()
    assert rig.alerts() == ["port.outage", "port.recovered"]
    assert rig.health().state == "up"


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_one_alert_and_nothing_is_lost(rig: ListeningRig, fault: Fault) -> None:
    rig.connect()
    rig.listen()
    rig.fake.faults.set(fault)
    rig.cut()
    rig.listen(200, apart_s=1)
    assert rig.health().state in ("down", "timeout")
    calls = len(rig.fake.calls)
    rig.ask()
    rig.fake.faults.clear()
    rig.connect()
    rig.listen(120, apart_s=1)
    assert len(rig.requests()) == 1
    assert rig.health().state == "up"
    assert rig.alerts() == ["port.outage", "port.recovered"]
    assert len(rig.fake.calls) - calls < 60


def test_a_list_that_fails_is_no_outage(rig: ListeningRig) -> None:
    rig.fake.faults.set("hang", only=lambda request: request.url.path == "/api/tasks")
    rig.listen(5)
    assert (rig.health().state, rig.alerts()) == ("degraded", [])


def test_one_task_that_cannot_be_fetched_is_tried_again(rig: ListeningRig) -> None:
    rig.connect()
    task = rig.ask()
    rig.listen()
    with rig.fake.turn:
        rig.fake.books.tasks[task["id"]]["title"] = "New"
    path = f"/api/tasks/{task['id']}"
    rig.fake.faults.set("broken", left=1, only=lambda request: request.url.path == path)
    rig.fake.tell("task.status_changed", {"id": task["id"], "status": "assigned"})
    rig.listen(10, apart_s=1)
    assert [request.goal for request in rig.requests()] == ["New"]


@pytest.mark.parametrize(("version", "words"), [("1.3.0", "1.3.0 is not one"), ("3.0.0", "3.0.0 is not one")])
def test_another_version_is_refused(rig: ListeningRig, version: str, words: str) -> None:
    rig.fake.version = version
    rig.ask()
    rig.listen()
    assert rig.health().state == "down"
    assert words in rig.health().detail
    assert rig.requests() == []


def test_a_user_who_may_only_look_is_refused(rig: ListeningRig) -> None:
    rig.fake.doors.people[0] = replace(OPERATOR, role="viewer")
    rig.listen()
    assert "may only look at" in rig.health().detail


def test_a_session_that_ends_is_renewed(rig: ListeningRig) -> None:
    rig.listen()
    rig.fake.forget_sessions()
    rig.ask()
    rig.listen(20, apart_s=1)
    assert len(rig.requests()) == 1
    assert rig.alerts() == []


def test_frames_in_no_known_form_are_let_be(rig: ListeningRig) -> None:
    rig.connect()
    rig.listen()
    for data in ({}, {"id": "x"}, {"id": None, "title": 5}, {"id": 2**70, "title": "x", "status": "assigned"}):
        rig.fake.tell("task.updated", data)
    rig.fake.tell("activity.created", {"id": 1, "type": "comment_added", "data": None})
    rig.listen(3)
    rig.ask()
    rig.listen()
    assert len(rig.requests()) == 1
