"""What a Mission Control holds of a run, stage by stage, when everything works."""

import json

import pytest

from factory.model.run import Run
from factory.model.step import Step
from tests.support.mission_control.access import WRITES
from tests.unit.mission.rig import GOAL, RUN, Rig


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_a_goal_is_a_task_that_is_ours_and_that_no_job_of_theirs_touches(rig: Rig) -> None:
    rig.look()
    goal = rig.goal
    assert (goal["status"], goal["assigned_to"], goal["created_by"]) == ("backlog", "cockpit", "Operator One")
    assert goal["metadata"]["client_id"] == RUN
    assert goal["metadata"]["acceptance"] == ["A1: they add up"]
    assert goal["tags"] == ["goal", "cockpit"]
    assert "@\u200bdataclass" in goal["description"]
    assert rig.client.task(goal["id"]).title == GOAL
    before = dict(goal)
    rig.clock.advance(3600)
    rig.fake.tick()
    assert rig.goal == before


def test_every_stage_of_a_run_is_there(rig: Rig) -> None:
    rig.look()
    rig.start()
    rig.attempt()
    rig.look(4)
    assert rig.goal["status"] == "in_progress"
    assert rig.fake.books.runs["att_1"]["status"] == "completed"
    assert rig.fake.books.runs["att_1"]["task_id"] == str(rig.goal["id"])
    assert [c["content"] for c in rig.fake.books.comments] == [
        "coder → verifier (request)\n\nattempt 1 by @\u200bcoder\n\n[msg_1]"
    ]
    assert rig.tasks("step") == []
    rig.block()
    rig.look(3)
    (step,) = rig.tasks("step")
    assert (rig.goal["status"], rig.goal["error_message"]) == ("awaiting_owner", "It is silent.")
    assert (step["status"], step["error_message"]) == ("awaiting_owner", "It is silent.")
    assert step["metadata"]["parent_task_id"] == rig.goal["id"]
    assert f"goal:{rig.goal['id']}" in step["tags"]
    rig.unblock()
    rig.look(3)
    assert (rig.goal["status"], rig.goal["error_message"]) == ("in_progress", "")
    assert (step["status"], step["error_message"]) == ("in_progress", "")
    rig.open_gate()
    rig.look(3)
    (gate,) = rig.tasks("gate")
    assert (gate["status"], rig.goal["status"]) == ("quality_review", "awaiting_owner")
    assert gate["metadata"]["gate"] == {"kind": "qa", "package": "1" * 64}
    assert rig.fake.books.reviews == []
    rig.decide()
    rig.look(3)
    assert gate["status"] == "done"
    rig.finish()
    rig.settle()
    assert (rig.goal["status"], rig.goal["outcome"]) == ("done", "success")
    assert rig.goal["completed_at"]
    assert [link["sha256"] for link in rig.goal["metadata"]["evidence"]] == ["1" * 64]
    assert step["status"] == "done"
    assert "operator:ana" in rig.fake.books.latest_review(gate["id"], "aegis")["notes"]  # type: ignore[index]
    assert rig.blockers() == []
    assert rig.alerts() == []
    assert rig.fake.sins == []


def test_a_rejection_rests_and_the_next_gate_is_another_task(rig: Rig) -> None:
    rig.look()
    rig.start()
    rig.open_gate(1)
    rig.look(2)
    rig.decide(1, "reject")
    rig.look(3)
    rig.open_gate(2)
    rig.look(2)
    rig.decide(2)
    rig.finish()
    rig.settle()
    first, second = rig.tasks("gate")
    assert (first["status"], second["status"], rig.goal["status"]) == ("failed", "done", "done")
    assert "Looked at it all." in first["error_message"]


def test_what_nobody_did_is_written_only_once(rig: Rig) -> None:
    rig.start()
    rig.look(3)
    count, writes = len(rig.items()), rig.fake.doors.writes.count
    rig.say(1, "from there", "mission:comment:7")
    rig.look(50)
    assert (len(rig.items()), rig.fake.doors.writes.count) == (count, writes)
    assert rig.fake.books.comments == []


def test_a_running_goal_is_kept_alive_and_their_scheduler_lets_it_be(rig: Rig) -> None:
    rig.start()
    rig.look()
    ages = []
    for _ in range(60):
        rig.look(apart_s=30)
        rig.fake.tick()
        ages.append(rig.fake.books.second - rig.goal["updated_at"])
        assert rig.goal["status"] == "in_progress"
    assert max(ages) <= 300
    assert len(rig.items("goal")) < 12
    rig.block()
    rig.settle()
    count = len(rig.items())
    rig.look(60, apart_s=30)
    assert len(rig.items()) == count


def test_what_waits_is_replaced_by_what_is_newer(rig: Rig) -> None:
    rig.fake.faults.set("refuse")
    rig.look()
    for _ in range(5):
        rig.move(Run, RUN, *(("start",) if _ == 0 else ("resume",)))
        rig.look()
        rig.move(Run, RUN, "pause")
        rig.look()
    assert len(rig.items("goal")) == 1
    rig.settle()
    assert rig.goal["status"] == "awaiting_owner"
    assert rig.alerts() == ["port.outage", "port.recovered"]


def test_a_state_may_come_back(rig: Rig) -> None:
    rig.move(Run, RUN, "start")
    for _ in range(3):
        rig.look(2)
        assert rig.goal["status"] == "in_progress"
        rig.move(Run, RUN, "pause")
        rig.look(2)
        assert rig.goal["status"] == "awaiting_owner"
        rig.move(Run, RUN, "resume")


def test_a_task_of_theirs_is_taken_up_and_stays_theirs() -> None:
    rig = Rig("1")
    theirs = {
        "title": "Theirs",
        "description": "As they said",
        "assigned_to": "cockpit",
        "metadata": {"kind": "goal", "x": 1},
    }
    rig.fake.books.create(theirs, "Ana")
    rig.start()
    rig.attempt()
    rig.look(3)
    goal = rig.goal
    assert (goal["id"], goal["title"], goal["description"], goal["status"]) == (
        1,
        "Theirs",
        "As they said",
        "in_progress",
    )
    assert goal["metadata"]["x"] == 1
    assert rig.fake.books.runs["att_1"]["task_id"] == "1"
    assert rig.blockers() == []


def test_the_last_write_is_queued_in_the_transaction_that_ends_the_run(rig: Rig) -> None:
    rig.start()
    rig.open_gate()
    rig.decide()
    rig.finish()
    assert json.loads(rig.items("goal")[-1].payload)["status"] == "done"
    rig.settle()
    assert rig.goal["status"] == "done"


def test_cancelling_is_urgent_and_is_a_failure_there(rig: Rig) -> None:
    rig.start()
    rig.look(2)
    rig.move(Run, RUN, "cancel")
    rig.settle()
    assert [item.op for item in rig.items()][-1] == "cancel"
    assert (rig.goal["status"], rig.goal["outcome"]) == ("failed", "abandoned")


def test_a_run_that_ended_before_there_was_a_mirror_stays_out_of_it(rig: Rig) -> None:
    rig.move(Run, RUN, "cancel")
    rig.look(2)
    assert rig.items() == []


def test_a_worker_that_starts_again_finds_what_it_left(rig: Rig) -> None:
    rig.start()
    rig.look(3)
    count = len(rig.items())
    rig.mirror = type(rig.mirror)(rig.ports)
    rig.look(3)
    assert len(rig.items()) == count


def test_a_goal_that_asks_its_operator_waits_and_needs_no_keeping_alive(rig: Rig) -> None:
    rig.start()
    rig.look(2)
    rig.move(Step, "stp_build", "deliver")
    rig.look(2)
    assert (rig.goal["status"], rig.goal["error_message"]) == (
        "awaiting_owner", "Its artefacts are ready for the verifier."
    )  # fmt: skip
    count = len(rig.items())
    rig.look(60, apart_s=30)
    assert len(rig.items()) == count


def test_a_long_text_is_cut_as_the_server_counts(rig: Rig) -> None:
    rig.start()
    rig.say(1, "🙂@x " * 3000)
    rig.settle()
    (comment,) = rig.fake.books.comments
    assert len(comment["content"].encode("utf-16-le")) // 2 <= 5000
    assert comment["content"].endswith("…\n\n[msg_1]")


def test_sixty_goals_keep_below_the_limit_and_the_operator_comes_first() -> None:
    rig = Rig()
    for number in range(60):
        run = Run(id=f"run_x{number:03d}", goal=f"Goal {number}")
        rig.write(lambda tx, run=run: tx.put(run, "run.create"))  # type: ignore[misc]
    rig.move(Run, RUN, "start")
    rig.look(2)
    rig.move(Run, RUN, "cancel")
    rig.look(2)
    assert rig.goal_of(RUN)["status"] == "failed"
    assert len(rig.tasks("goal")) < 20
    rig.look(100)
    assert len(rig.tasks("goal")) == 61
    assert rig.fake.doors.most_writes <= WRITES - 10
    assert rig.alerts() == []


def test_a_step_of_a_run_that_waits_is_not_in_progress(rig: Rig) -> None:
    rig.start()
    rig.block()
    rig.look(2)
    rig.move(Step, "stp_build", "release", "begin")
    rig.look(2)
    assert rig.tasks("step")[0]["status"] == "backlog"
