"""What the coder-verifier loop achieved and cost in one run."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from factory.model.audit import Event
from factory.model.gate import Approval, Gate
from factory.model.run import Run
from factory.rules.adjudication import Tally
from factory.rules.metrics import RunMetrics, measured, run_metrics
from factory.rules.timeouts import stalled_s
from tests.unit.rules.stories import CAP, Told, tell


def told(text: str, later: tuple[Run, ...] = (), **changes: Any) -> RunMetrics:
    """The metrics of a story."""
    return of(tell(text, **changes), later)


def of(story: Told, later: tuple[Run, ...] = ()) -> RunMetrics:
    """The metrics of a run."""
    return run_metrics(measured(story.view, story.events), later)


def test_the_report_of_one_run() -> None:
    found = told("b10 v5=pass +")
    assert (found.thread, found.state, found.end_state) == ("thr_1_1", "done", "passed")
    assert (found.rounds, found.attempts, found.score) == (1, 2, 100)
    assert (found.cost_by_role, found.cap_micros) == ({"coder": 100_000, "verifier": 20_000}, CAP)
    assert found.cap_used_percent == 12  # 120,000 of 1,000,000
    assert found.lead_time_s == 46 * 60  # 10 + 5 + 1 for the check + 30 at QA
    assert (found.retries, found.early_rework, found.late_rework, found.timeouts) == ({}, 0, 0, {})
    assert found.counts == Tally(reached_qa=True, first_pass=True, passes=1, approved=1)
    assert found.flags == ()
    assert json.dumps(asdict(found))


def test_a_retry_is_counted_by_why_the_attempt_before_it_did_not_succeed() -> None:
    found = told("b1!exit_3 b15!wall_clock b9 v15!wall_clock v4=pass")
    assert found.retries == {"exit_3": 1, "wall_clock": 2}


def test_a_round_more_is_no_retry() -> None:
    assert told("b9 v5=changes b9 v5=pass").retries == {}


def test_early_rework_is_every_coder_attempt_after_the_verifier_asked() -> None:
    assert told("b9 v5=changes b2!exit_1 b9 v5=pass").early_rework == 2
    assert told("b9 v5=unsure b9 v5=pass").early_rework == 0
    assert told("b9 v5=pass - b9 v5=pass +").early_rework == 0, "that was QA"


def test_late_rework_is_rejections_and_successors_within_14_days_of_the_end() -> None:
    def successor(at: str, of: str = "run_1") -> Run:
        return replace(tell("b1", 2).view.run, supersedes=of, created_at=at)

    first = tell("b10 v5=pass +")  # ends on 2026-03-02 at 09:46
    assert of(first, (successor("2026-03-16T09:46:00.000Z"),)).late_rework == 1
    assert of(first, (successor("2026-03-16T09:46:00.001Z"),)).late_rework == 0
    assert of(first, (successor("2026-03-03T09:00:00.000Z", "run_9"),)).late_rework == 0
    assert told("b9 v5=pass - b9 v5=pass +").late_rework == 1


def test_a_refused_cap_is_no_rework() -> None:
    story = tell("b10 v5=pass +")
    gate = Gate(id="gat_cost", run="run_1", kind="cost_review", state="rejected")
    refusal = Approval(id="apr_cost", run="run_1", gate=gate.id, decision="reject", actor="operator:eva")
    view = replace(story.view, gates=(*story.view.gates, gate), approvals=(*story.view.approvals, refusal))
    found = of(replace(story, view=view))
    assert (found.late_rework, found.counts.first_pass) == (0, True)


def test_landing_a_run_later_does_not_make_it_longer() -> None:
    landed = tell("b10 v5=pass +", updated_at="2026-03-09T12:00:00.000Z", landed="branch")
    assert of(landed).lead_time_s == 46 * 60


def test_a_run_at_work_has_no_lead_time() -> None:
    assert told("b10 v5=changes").lead_time_s is None


def test_a_cancelled_run_ended_when_it_was_cancelled() -> None:
    found = told("b10 v5=changes x")
    assert (found.state, found.lead_time_s) == ("cancelled", 16 * 60)
    assert not found.counts.reached_qa


def test_time_outs_are_counted_by_clock_once_an_attempt() -> None:
    found = told("b1!unconnected b15^2!wall_clock b20~3 v15~4!wall_clock v5=pass +")
    assert found.timeouts == {"connect": 1, "first_output": 1, "idle": 2, "wall": 2}
    assert found.stalled_minutes == 2 + 3 + 4


def test_a_step_that_still_stands_still_counts_until_now_and_a_state_passed_through_does_not() -> None:
    def event(seq: int, minute: int, action: str, step: str = "stp_build") -> Event:
        at = f"2026-11-23T10:{minute:02}:00.000Z"
        return Event(seq=seq, at=at, namespace="default", actor="worker", action=action, object=step)

    events = [
        event(1, 0, "step.stall"),
        event(2, 6, "step.progress"),
        event(3, 10, "step.stall", "stp_verify"),
        event(4, 10, "step.retry", "stp_verify"),  # set back on its way
        event(5, 13, "step.stall"),
    ]
    assert stalled_s(events, "2026-11-23T10:20:00.000Z") == (6 + 7) * 60
    assert stalled_s(events, "") == 6 * 60


@pytest.mark.parametrize(
    ("text", "tally"),
    [
        ("b9 v5=changes b9 v5=pass", Tally(passes=1, requests=1, caught=1)),
        ("b9 v5=changes b9 v5=changes", Tally(requests=2)),
        ("b9 v5=baseless", Tally(requests=1)),
        ("b9 v5=unsure", Tally()),
        ("b9 v5=pass -", Tally(True, passes=1, rejected=1, escaped=1)),
        ("b9 v5=pass - b9 v5=pass +", Tally(True, passes=2, approved=1, rejected=1, escaped=1)),
        ("b9 v5=baseless v5=pass +", Tally(True, True, passes=1, approved=1, requests=1, overturned=1)),
        ("b9 v5=baseless b9 v5=pass +", Tally(True, passes=1, approved=1, requests=1)),
    ],
)
def test_verdicts_are_adjudicated_by_qa_and_by_what_the_result_shows(text: str, tally: Tally) -> None:
    assert told(text).counts == tally


def test_a_catch_needs_the_same_command_to_pass_on_the_result() -> None:
    story = tell("b9 v5=changes b9 v5=pass")
    failed, passed = story.view.evidence
    assert failed.command
    assert passed.command
    other = replace(passed, command=replace(passed.command, argv=("make", "check")))
    for evidence in ((failed,), (failed, other), (replace(failed, baseline=True), passed), (failed, failed, passed)):
        view = replace(story.view, evidence=evidence)
        assert of(replace(story, view=view)).counts.caught == (len(evidence) == 3)


def test_a_defect_that_only_the_factory_saw_is_no_catch_of_the_verifier() -> None:
    story = tell("b9 v5=changes b9 v5=pass")
    thread = story.view.threads[0]
    rubber_stamp = replace(thread, verdicts=(replace(thread.verdicts[0], said="pass"), thread.verdicts[1]))
    found = of(replace(story, view=replace(story.view, threads=(rubber_stamp,))))
    assert (found.counts.caught, found.counts.requests, found.counts.passes) == (0, 0, 1)


def test_a_gate_that_never_opened_was_not_reached() -> None:
    story = tell("b9 v5=pass")
    shut = Gate(id="gat_1", run="run_1", kind="qa", state="superseded", requirements=("The score is 40.",))
    assert not of(replace(story, view=replace(story.view, gates=(shut,)))).counts.reached_qa
    opened = replace(shut, requirements=())
    assert of(replace(story, view=replace(story.view, gates=(opened,)))).counts.reached_qa


def test_the_pass_that_was_approved_has_escaped_when_the_run_is_superseded() -> None:
    successor = replace(tell("b1", 2).view.run, supersedes="run_1", created_at="2026-03-05T09:00:00.000Z")
    assert of(tell("b10 v5=pass +"), (successor,)).counts.escaped == 1
