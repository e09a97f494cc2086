"""Whatever fails, and however often the worker is killed: at the end everything is there once, with its last value."""

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory.errors import Refused
from factory.model.states import after
from factory.operations.inspect import requeue
from factory.ports.ledger import Transaction
from factory.workflow.outbox import claim, kill
from tests.support.fake_mission_control import OPERATOR
from tests.support.faults import FAULTS, Fault
from tests.support.mission_control.rows import Rejected
from tests.unit.mission.rig import RUN, Rig
from tests.unit.workflow.floor import NoWorkers

STAGES: tuple[Callable[[Rig], None], ...] = (
    lambda _rig: None,
    Rig.start,
    Rig.attempt,
    Rig.block,
    Rig.unblock,
    Rig.open_gate,
    lambda rig: rig.decide(1, "reject"),
    lambda rig: rig.attempt(2),
    lambda rig: rig.open_gate(2),
    lambda rig: rig.decide(2),
    Rig.finish,
)


def all_is_there_once(rig: Rig) -> None:
    assert len(rig.fake.books.tasks) == 4
    (step,) = rig.tasks("step")
    first, second = sorted(rig.tasks("gate"), key=lambda task: str(task["metadata"]["client_id"]))
    statuses = [task["status"] for task in (rig.goal, step, first, second)]
    assert statuses == ["done", "done", "failed", "done"]
    assert rig.goal["metadata"]["cockpit"]["state"] == "done"
    assert sorted(rig.fake.books.runs) == ["att_1", "att_2"]
    marks = [comment["content"].rsplit("\n", 1)[1] for comment in rig.fake.books.comments]
    assert marks == ["[msg_1]", "[msg_2]"]
    assert rig.fake.sins == []
    assert rig.fake.doors.most_writes <= 50
    assert rig.blockers() == []


def alerts_alternate(rig: Rig) -> None:
    told = rig.alerts()
    assert told == ["port.outage", "port.recovered"] * (len(told) // 2)


@pytest.mark.parametrize("has_effect", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
def test_one_long_outage_through_a_whole_run(fault: Fault, has_effect: bool) -> None:
    rig = Rig()
    rig.look()
    rig.fake.faults.set(fault, has_effect=has_effect)
    for stage in STAGES:
        stage(rig)
        rig.look(2)
    rig.settle()
    all_is_there_once(rig)
    assert rig.alerts() == ["port.outage", "port.recovered"]


@pytest.mark.parametrize("fault", ["hang", "cut"])
@pytest.mark.parametrize("number", range(len(STAGES)))
def test_one_failure_at_each_stage(fault: Fault, number: int) -> None:
    rig = Rig()
    for place, stage in enumerate(STAGES):
        stage(rig)
        if place == number:
            rig.fake.faults.set(fault, left=1, has_effect=True, only=lambda request: request.method != "GET")
        rig.look(3, apart_s=3)
    rig.settle()
    all_is_there_once(rig)
    alerts_alternate(rig)


def test_a_lost_create_that_was_given_up_is_found_again_when_it_is_requeued() -> None:
    rig = Rig()
    rig.fake.faults.set("cut", left=1, only=lambda request: request.url.path == "/api/tasks")
    rig.look()
    rig.fake.faults.clear()
    task = rig.goal["id"]
    (item,) = rig.items("goal")

    def give_up(tx: Transaction) -> None:
        claimed = claim(tx, item, rig.clock.now())
        assert claimed is not None
        kill(tx, claimed, Refused("A proxy would not take it."), rig.clock.now())

    rig.write(give_up)
    requeue(replace(rig.ports, workers=NoWorkers()), item.id)
    rig.settle()
    assert rig.goal["id"] == task


trouble = st.tuples(
    st.sampled_from((None, *FAULTS)),
    st.booleans(),
    st.integers(1, 3),
    st.sampled_from(("", "GET", "POST", "PUT")),
    st.sampled_from((0, 0, 1, 2, 3, 5, 8)),
    st.sampled_from(("before", "after")),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(trouble, min_size=len(STAGES), max_size=len(STAGES)))
def test_failures_and_kills_at_any_moment(troubles: list[tuple[Fault | None, bool, int, str, int, str]]) -> None:
    rig = Rig()
    for stage, (fault, has_effect, left, method, dies_at, moment) in zip(STAGES, troubles, strict=True):
        stage(rig)
        if fault:
            rig.fake.faults.set(fault, left, has_effect, _about(method))
        rig.ledger.die_at, rig.ledger.moment = dies_at, moment  # type: ignore[assignment]
        rig.look_and_maybe_die()
        rig.clock.advance(35)  # the lease of what a killed worker had claimed
        rig.look(2, apart_s=6)
    rig.settle()
    all_is_there_once(rig)
    alerts_alternate(rig)


def _about(method: str) -> Callable[[httpx.Request], bool]:
    return lambda request: method in ("", request.method)


def test_what_they_changed_is_shown_with_both_values_and_ours_counts() -> None:
    rig = Rig()
    rig.start()
    rig.look()
    rig.fake.books.update(rig.goal["id"], {"status": "backlog"}, "bob")
    rig.clock.advance(300)
    rig.look(3)
    assert rig.goal["status"] == "backlog"  # we had no news
    (told,) = rig.blockers()
    assert told.is_open
    assert told.severity == "warn"
    assert "backlog" in told.message
    assert "in_progress" in told.message
    rig.clock.advance(300)
    rig.look(3)
    assert len(rig.blockers()) == 1
    rig.block()
    rig.look(3)
    assert rig.goal["status"] == "awaiting_owner"
    rig.unblock()
    rig.look(3)
    assert not rig.blockers()[0].is_open


def test_a_verdict_of_theirs_is_a_contradiction_and_no_decision() -> None:
    rig = Rig()
    rig.start()
    rig.open_gate()
    rig.look(3)
    (gate,) = rig.tasks("gate")
    rig.fake.books.review({"taskId": gate["id"], "status": "approved", "notes": "by somebody there"})
    rig.look(3)
    assert rig.ledger.view(RUN).run.state == "awaiting_qa"
    rig.decide(1, "reject")
    rig.settle()
    assert gate["status"] == "failed"


def test_a_task_that_they_deleted_is_made_again_and_said() -> None:
    rig = Rig()
    rig.start()
    rig.look(2)
    rig.fake.books.delete(rig.goal["id"], "bob")
    rig.block()
    rig.look(3)
    assert rig.goal["status"] == "awaiting_owner"
    assert "deleted" in rig.blockers()[0].message


def test_their_metadata_and_links_stay() -> None:
    rig = Rig()
    rig.start()
    rig.look(2)
    mine = {"url": "https://example.com/pr/12", "kind": "pr"}
    metadata = {**rig.goal["metadata"], "sprint": 7, "evidence": [mine]}
    rig.fake.books.update(rig.goal["id"], {"metadata": metadata}, "bob")
    rig.open_gate()
    rig.look(3)
    assert rig.goal["metadata"]["sprint"] == 7
    assert [link["kind"] for link in rig.goal["metadata"]["evidence"]] == ["pr", "package"]
    assert rig.blockers() == []


@pytest.mark.parametrize(
    "metadata", [{}, {"cockpit": 7, "evidence": "none"}, {"cockpit": {"status": 3}, "evidence": [1, {"url": ["x"]}]}]
)
def test_whatever_they_wrote_there_we_write_ours_beside_it(metadata: dict[str, object]) -> None:
    rig = Rig()
    rig.start()
    rig.look(2)
    rig.fake.books.tasks[1]["metadata"] = metadata
    rig.open_gate()
    rig.settle()
    assert rig.goal["status"] == "awaiting_owner"
    assert rig.goal["metadata"]["client_id"] == RUN


def test_the_limit_of_others_makes_us_wait_longer_and_longer() -> None:
    rig = Rig()
    rig.look()
    rig.fake.faults.set("busy_silent", only=lambda request: request.method == "PUT")
    rig.start()
    rig.look(200)
    assert rig.fake.faults.met == 7  # at once, and after 5, 10, 20, 40, 60 and 60 seconds
    rig.settle()
    assert rig.alerts() == ["port.outage", "port.recovered"]


def test_what_waits_for_a_goal_that_was_refused_is_no_outage_and_comes_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_body: object, _by: str) -> None:
        raise Rejected(400, "Validation failed")

    rig = Rig()
    rig.start()
    rig.attempt()
    with monkeypatch.context() as patched:
        patched.setattr(rig.fake.books, "create", refuse)
        rig.look(20)
    assert {(item.op, item.state) for item in rig.items()} == {
        ("goal", "dead"), ("attempt", "queued"), ("message", "queued"),
    }  # fmt: skip
    assert rig.alerts() == []
    (dead,) = rig.items("goal")
    rig.write(lambda tx: tx.put(after(dead, "requeue"), "outbox.requeue"))
    rig.settle()
    assert (len(rig.fake.books.comments), len(rig.fake.books.runs)) == (1, 1)


def test_who_may_only_look_is_told_so_and_nothing_is_lost() -> None:
    rig = Rig()
    rig.fake.doors.people[0] = replace(OPERATOR, role="viewer")
    rig.look(3)
    assert rig.fake.books.tasks == {}
    assert {item.state for item in rig.items()} == {"queued"}
    assert "viewer" in rig.items()[0].last_error
    rig.fake.doors.people[0] = OPERATOR
    rig.settle()
    assert rig.goal["status"] == "backlog"


@pytest.mark.parametrize(
    ("version", "is_known"),
    [("2.3.0", True), ("2.4.1", True), ("2.2.9", False), ("3.0.0", False), ("2.²", False), ("2." + "9" * 5000, False)],
)
def test_a_server_of_another_version_is_left_alone(version: str, is_known: bool) -> None:
    rig = Rig()
    rig.fake.version = version
    rig.look(2)
    assert bool(rig.fake.books.tasks) == is_known
