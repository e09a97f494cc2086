"""What the coder-verifier loop achieved and cost, with how sure that is."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.model.audit import Event
from factory.model.cost import Budget, CostEntry
from factory.model.gate import Approval
from factory.model.step import Attempt
from factory.model.view import RunView
from factory.rules.flags import agent_flags, flags_of
from factory.rules.intervals import FEWEST, middle, rate, wilson
from factory.rules.metrics import late_rework, run_metrics
from factory.rules.summary import is_catch, summary
from tests.unit.rules.made import (
    ATTEMPT,
    BASE,
    EARLIER,
    FINAL,
    GATE,
    NOW,
    PASS,
    RUN,
    THREAD,
    at_qa,
    building,
    counts,
    item,
)

LATE = "2026-12-24T00:00:00.000Z"
APPROVED = Approval(id="apr_1", run="run_1", gate="gat_1", decision="approve", actor="operator:eva")
REJECTED = replace(APPROVED, id="apr_0", decision="reject")


def finished(n: int = 1, **changes: Any) -> RunView:
    """A run that was approved at the first try."""
    view = at_qa()
    run = replace(view.run, id=f"run_{n}", state="done")
    return replace(view, run=run, gates=(replace(GATE, state="approved"),), approvals=(APPROVED,), **changes)


def attempt(n: int, state: Any, **changes: Any) -> Attempt:
    """Attempt `n` of the build step."""
    return replace(ATTEMPT, id=f"att_{n}", n=n, state=state, **changes)


def cost(role: str, micros: int) -> CostEntry:
    """A cost entry of an agent in this role."""
    return CostEntry(id=f"cst_{role}", run="run_1", step="s", attempt="a", role=role, agent="x", micros=micros)


def test_the_report_of_one_run() -> None:
    cap = Budget(id="b", run="run_1", scope="run", subject="run_1", limit_micros=1_000)
    found = run_metrics(finished(costs=(cost("coder", 200), cost("verifier", 50)), budgets=(cap,)))
    assert (found.thread, found.end_state, found.rounds, found.attempts) == ("thr_1", "passed", 1, 1)
    assert (found.cost_by_role, found.cap_used_percent) == ({"coder": 200, "verifier": 50}, 25)
    assert (found.lead_time_s, found.score, found.unpriced) == (5_400.0, 100, 2)
    assert (found.retries, found.early_rework, found.late_rework, found.timeouts) == ({}, 0, 0, {})
    assert json.dumps(asdict(found))


def test_retries_are_counted_by_why_the_attempt_before_was_not_enough() -> None:
    history = (
        attempt(1, "failed", end_reason="exit_3"),
        attempt(2, "timed_out", end_reason="wall_clock"),
        attempt(3, "succeeded"),
        attempt(4, "succeeded"),
    )
    found = run_metrics(replace(building(), attempts=history))
    assert found.retries == {"exit_3": 1, "wall_clock": 1, "rework": 1}
    assert (found.early_rework, found.timeouts) == (1, {"wall": 1})


def test_rejections_and_quick_successors_are_late_rework() -> None:
    soon = replace(RUN, id="run_2", supersedes="run_1", created_at="2026-12-07T09:00:00.000Z")
    later = replace(RUN, id="run_3", supersedes="run_1", created_at="2026-12-07T09:00:00.001Z")
    other = replace(RUN, id="run_4", supersedes="run_9")
    view = finished()
    assert late_rework(view, [soon, later, other]) == 1
    assert late_rework(replace(view, approvals=(REJECTED, APPROVED))) == 1


def test_stalled_time_runs_from_the_stall_to_the_next_change_of_the_step() -> None:
    def event(seq: int, minute: int, action: str, object: str = "stp_build") -> Event:
        at = f"2026-11-23T10:{minute:02}:00.000Z"
        return Event(seq=seq, at=at, namespace="default", actor="worker", action=action, object=object)

    events = [
        event(1, 0, "step.stall"),
        event(2, 1, "attempt.end", "att_1"),
        event(3, 6, "step.progress"),
        event(4, 10, "step.stall"),
        event(5, 13, "step.retry"),
        event(6, 20, "step.begin"),
    ]
    assert run_metrics(building(), events=events).stalled_minutes == 9.0


def test_a_run_at_work_has_no_lead_time() -> None:
    assert run_metrics(building()).lead_time_s is None


def test_under_five_cases_there_are_only_counts() -> None:
    assert rate(3, 4) == replace(rate(0, 0), hits=3, n=4)
    assert rate(3, 4).value is None
    assert middle([1.0] * 4).value is None
    assert rate(3, FEWEST).value == 0.6


def test_the_interval_is_wilsons() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    low, high = wilson(0, 10)
    assert (low, round(high, 4)) == (0.0, 0.2775)


@given(st.integers(1, 5_000), st.data())
def test_a_share_lies_in_its_interval_and_the_interval_in_0_to_1(n: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n <= high <= 1


@given(st.lists(st.floats(0, 1e6), min_size=5, max_size=12))
def test_a_median_has_the_same_interval_each_time(values: list[float]) -> None:
    found = middle(values)
    assert found == middle(values[::-1])
    assert found.low is not None
    assert found.high is not None
    assert min(values) <= found.low <= found.high <= max(values)


def test_a_first_pass_is_one_build_attempt_and_no_rejection() -> None:
    views = [
        *(finished(n) for n in range(4)),
        replace(finished(4), attempts=(attempt(1, "failed"), attempt(2, "succeeded"))),
        replace(finished(5), approvals=(REJECTED, APPROVED)),
        building(),
    ]
    found = summary(views, NOW)
    assert (found.runs, found.reached_qa) == (7, 6)
    assert (found.first_pass_yield.hits, found.first_pass_yield.n) == (4, 6)


def test_late_rework_counts_only_runs_whose_window_is_closed() -> None:
    views = [replace(finished(n), approvals=(REJECTED, APPROVED)) for n in range(5)]
    assert summary(views, NOW).late_rework_rate.n == 0
    assert summary(views, LATE).late_rework_rate.value == 1.0


def caught(**changes: Any) -> RunView:
    """A run in which A1 failed on an earlier commit and passes on the result."""
    failed = item("before", subject=EARLIER, outcome="failed", polarity="refutes", tests=counts(11, 2), source="pytest")
    return replace(finished(), evidence=(replace(failed, **changes), item("after", source="pytest")))


def test_a_command_that_failed_on_delivered_work_and_passes_on_the_result_is_a_catch() -> None:
    assert is_catch(caught())


@pytest.mark.parametrize(
    "changes", [{"baseline": True}, {"subject": FINAL}, {"source": "make"}, {"claims": ("A2",)}, {"outcome": "broken"}]
)
def test_nothing_else_is_a_catch(changes: dict[str, Any]) -> None:
    assert not is_catch(caught(**changes))


def test_catches_are_weighed_against_what_escaped_and_what_they_cost() -> None:
    views = [replace(caught(), costs=(cost("verifier", 300),)), replace(finished(2), approvals=(REJECTED, APPROVED))]
    found = summary(views, NOW)
    assert (found.catch_rate.hits, found.catch_rate.n) == (1, 2)
    assert (found.false_pass.hits, found.false_pass.n) == (1, 2)
    assert found.cost_per_catch_micros == 300
    assert found.adjudication_coverage.n == 2


def test_no_runs_are_a_summary_too() -> None:
    found = summary([], NOW)
    assert (found.runs, found.cost_per_catch_micros, found.first_pass_yield.value) == (0, None, None)
    assert json.dumps(asdict(found))


def codes(view: RunView) -> list[str]:
    """Codes of all flags of a run."""
    return [flag.code for flag in flags_of(view)]


def test_a_good_run_has_no_flag() -> None:
    assert codes(finished()) == []


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (replace(PASS, commands_run=0), "FP1"),
        (replace(PASS, subject=EARLIER), "FP3"),
    ],
)
def test_doubtful_passes_are_flagged(verdict: Any, code: str) -> None:
    assert codes(replace(finished(), threads=(replace(THREAD, verdicts=(verdict,)),))) == [code]


@pytest.mark.parametrize(
    ("changes", "code"), [({"tests": counts(0)}, "FP2"), ({"polarity": "refutes", "outcome": "failed"}, "FP4")]
)
def test_doubtful_evidence_on_the_result_is_flagged(changes: dict[str, Any], code: str) -> None:
    view = finished()
    assert codes(replace(view, evidence=(*view.evidence, item("more", **changes)))) == [code]


def test_more_skipped_tests_than_before_are_flagged() -> None:
    before = item("before", subject=BASE, baseline=True, tests=counts(10, 3, skipped=1))
    assert codes(replace(finished(), evidence=(before, item(tests=counts(10, 0, skipped=2))))) == ["FP12"]
    assert codes(replace(finished(), evidence=(before, item(tests=counts(10, 0, skipped=1))))) == []


def test_the_same_agent_is_an_error_and_the_same_model_a_notice() -> None:
    same = replace(finished(), run=replace(RUN, verifier=RUN.coder, result_commit=FINAL))
    assert [(flag.code, flag.severity) for flag in flags_of(same)] == [("FP7", "error")]
    both = (replace(ATTEMPT, model="m1"), replace(ATTEMPT, id="att_v", role="verifier", model="m1"))
    assert [(flag.code, flag.severity) for flag in flags_of(replace(finished(), attempts=both))] == [("FP7", "notice")]


def test_a_pass_that_qa_rejected_is_flagged() -> None:
    assert codes(replace(finished(), approvals=(REJECTED, APPROVED))) == ["FP10"]


def test_an_agent_that_the_wall_clock_ended_is_flagged() -> None:
    assert codes(replace(building(), attempts=(attempt(1, "timed_out"),))) == ["TO3"]


def test_passing_after_a_verifier_timed_out_without_a_new_verdict_is_an_error() -> None:
    late = replace(ATTEMPT, role="verifier", state="timed_out")
    view = replace(finished(), attempts=(ATTEMPT, late), threads=(replace(THREAD, state="timed_out"),))
    assert "TO7" in codes(view)


def test_an_agent_that_times_out_often_is_flagged_over_many_runs() -> None:
    bad = [replace(building(), attempts=(attempt(n, "timed_out", agent="slow"),)) for n in range(3)]
    good = [replace(building(), attempts=(attempt(n, "succeeded", agent="quick"),)) for n in range(9)]
    assert [flag.code for flag in agent_flags([*bad, *good])] == ["TO4", "TO5"]
    assert agent_flags(good) == ()
