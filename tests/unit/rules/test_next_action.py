"""The one thing to do now: the first rule of the reference that fits."""

import json
from dataclasses import asdict, replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.model.blocker import Blocker
from factory.model.cost import Budget
from factory.model.gate import Gate
from factory.model.outbox import OutboxItem
from factory.model.run import RunState
from factory.model.step import StepState
from factory.model.thread import ThreadState
from factory.model.view import RunView
from factory.rules.status import current_step, needs_person, next_action, reached
from tests.unit.rules.made import ATTEMPT, PACKAGE, RUN, THREAD, at_qa, building, delivered, item, steps

CODES = {"inspect", "review_cost", "review", "verify", "retry", "requeue", "fix", "wait", "land", "open"}
DEAD = OutboxItem(
    id="out_1", run="run_1", target="knowledge", op="page", dedupe_key="k", state="dead", last_error="404"
)
COST_REVIEW = Gate(id="gat_c", run="run_1", kind="cost_review", state="open")


def in_state(view: RunView, state: Any, **changes: Any) -> RunView:
    """The same run in another state."""
    return replace(view, run=replace(view.run, state=state, **changes))


def blocker(code: str, message: str = "it broke") -> Blocker:
    """An open blocking blocker."""
    return Blocker(id="blk_1", run="run_1", code=code, severity="block", message=message)


def blocked(code: str = "exit_3", **more: Any) -> RunView:
    """A run whose build is blocked."""
    view = replace(building(), steps=steps("blocked"), attempts=(replace(ATTEMPT, state="failed"),), **more)
    return replace(in_state(view, "blocked"), blockers=(blocker(code),))


def done() -> RunView:
    """A run that is done, with nothing landed."""
    closed = replace(THREAD, state="closed", end_state="passed")
    return in_state(replace(at_qa(), steps=steps("passed", "passed", "passed")[:4], threads=(closed,)), "done")


def pair(view: RunView) -> tuple[str, str]:
    """Code and key."""
    found = next_action(view)
    return found.code, found.key


def test_a_refuted_claim_on_the_result_is_looked_at_first() -> None:
    view = replace(at_qa(), evidence=(item("bad", polarity="refutes"),), outbox=(DEAD,), gates=(COST_REVIEW,))
    found = next_action(view)
    assert (found.code, found.key, found.command) == ("inspect", "e", "cockpit evidence list run_1")
    assert "refutes A1" in found.label


def test_evidence_that_was_changed_is_looked_at_first() -> None:
    package = replace(PACKAGE, reasons=("The evidence was changed after capture: store/a.xml: digest_mismatch.",))
    found = next_action(replace(at_qa(), packages=(package,)))
    assert (found.code, found.command) == ("inspect", "cockpit evidence verify run_1")


def test_a_refuted_attempt_that_is_being_reworked_needs_no_look() -> None:
    view = replace(building(), evidence=(item("bad", polarity="refutes"),))
    assert next_action(in_state(view, "running", result_commit=ATTEMPT.commit)).code == "wait"


def test_a_result_that_is_still_refuted_after_all_rounds_is_looked_at_then_retried() -> None:
    thread = replace(THREAD, state="changes_requested", round=3)
    view = blocked("rounds_exhausted", threads=(thread,), evidence=(item("bad", polarity="refutes"),))
    view = in_state(view, "blocked", result_commit=ATTEMPT.commit)
    assert next_action(view).code == "inspect"
    assert next_action(view).label.endswith("then retry.")


def test_an_open_cost_review_comes_before_the_evidence() -> None:
    assert pair(replace(at_qa(), gates=(COST_REVIEW,))) == ("review_cost", "a")


def test_a_run_at_qa_is_reviewed() -> None:
    found = next_action(replace(at_qa(), outbox=(DEAD,)))
    assert (found.code, found.key, found.command) == ("review", "a", "cockpit review run_1")
    assert "score 100" in found.label


def test_artefacts_that_nobody_sent_are_sent_to_the_verifier() -> None:
    found = next_action(delivered())
    assert (found.code, found.key, found.command) == ("verify", "v", "cockpit verify run_1")
    assert found.label == "Send commit fffffff to the verifier, Proveo."


@pytest.mark.parametrize("state", ["requested", "awaiting", "changes_requested"])
def test_once_asked_the_verifier_is_only_waited_for(state: Any) -> None:
    view = replace(delivered(), threads=(replace(THREAD, state=state, trigger="operator"),))
    assert next_action(view).code == "wait"


def test_a_coder_that_asked_for_the_verifier_leaves_nothing_to_press() -> None:
    view = replace(delivered(), attempts=(replace(ATTEMPT, request_review=True),))
    assert next_action(view).code == "wait"


def test_a_stalled_step_is_retried() -> None:
    view = replace(building(), steps=steps("stalled"))
    assert pair(view) == ("retry", "r")


def test_a_blocked_run_is_retried_and_says_why() -> None:
    found = next_action(blocked())
    assert (found.code, found.key, found.command) == ("retry", "r", "cockpit retry run_1")
    assert found.label == "Retry build: it broke"


def test_a_held_up_verification_is_what_a_retry_takes_up() -> None:
    view = replace(blocked("inconclusive"), steps=steps("blocked", "blocked"))
    assert next_action(view).label.startswith("Retry verify")
    assert current_step(view) == view.step("verify")


def test_a_blocker_that_a_retry_does_not_remove_names_its_fix() -> None:
    found = next_action(blocked("acceptance_broken"))
    assert (found.code, found.label, found.command) == ("fix", "it broke", "cockpit retry run_1")


def test_a_paused_run_is_resumed() -> None:
    found = next_action(in_state(building(), "paused"))
    assert (found.code, found.key, found.command) == ("fix", "p", "cockpit resume run_1")


def test_a_run_that_its_cap_paused_needs_a_higher_cap() -> None:
    cap = Budget(id="bud_1", run="run_1", scope="thread", subject="thr_1", limit_micros=1, state="exhausted")
    found = next_action(replace(in_state(building(), "paused"), budgets=(cap,)))
    assert (found.code, found.key) == ("fix", "+")
    assert found.command == "cockpit cap run_1 USD --scope thread --reason WHY"


def test_a_run_that_a_shared_cap_paused_needs_a_worker_that_has_read_a_higher_one() -> None:
    day = Budget(id="bud_1", run="", scope="day", subject="default:2026-11-23", limit_micros=1, state="exhausted")
    found = next_action(replace(in_state(building(), "paused"), shared=(day,)))
    assert (found.code, found.key, found.command) == ("fix", "p", "cockpit worker --stop && cockpit resume run_1")
    assert "[budget] day_usd in config.toml" in found.label


def test_a_dead_write_is_requeued_even_after_the_end() -> None:
    found = next_action(replace(done(), outbox=(DEAD,)))
    assert (found.code, found.key, found.command) == ("requeue", "Q", "cockpit outbox requeue out_1")
    assert found.label == "Requeue the write to knowledge: 404"


def test_a_working_agent_is_waited_for_who_since_when_until_when() -> None:
    found = next_action(building())
    assert found.label == "Wait for the coder CodeCraft, since 09:50:00 UTC, until 10:05:00 UTC at the latest."
    assert (found.code, found.key, found.command) == ("wait", "", "")


def test_an_agent_that_has_no_place_yet_does_not_count_as_at_work() -> None:
    leased = replace(building().attempts[0], state="leased", created_at="2026-11-23T09:49:00.000Z", started_at="")
    found = next_action(replace(building(), attempts=(leased,)))
    began = "Wait for the coder CodeCraft to begin, since 09:49:00 UTC; [worker] agents says how many work at once."
    assert (found.code, found.label) == ("wait", began)


def test_a_run_without_a_worker_waits_for_one() -> None:
    view = in_state(replace(building(), attempts=(), steps=steps("pending")), "ready")
    assert next_action(view).label == "Wait for a worker to begin, since 09:00:00 UTC."


def test_a_retry_is_waited_for_with_its_time() -> None:
    built = tuple(
        replace(one, next_retry_at="2026-11-23T10:40:00.000Z") if one.kind == "build" else one
        for one in steps("retry_wait")
    )
    view = replace(building(), attempts=(), steps=built)
    assert next_action(view).label == "Wait: build is tried again at 10:40:00 UTC."


def test_a_done_run_is_landed() -> None:
    assert (next_action(done()).key, next_action(done()).command) == ("L", "cockpit land run_1")


def test_a_landed_run_is_opened() -> None:
    write = Gate(id="gat_w", run="run_1", kind="write", state="approved")
    assert pair(replace(done(), gates=(write,))) == ("open", "e")


@pytest.mark.parametrize("state", ["cancelled", "failed"])
def test_a_run_that_ended_otherwise_is_opened(state: Any) -> None:
    assert next_action(in_state(building(), state)).code == "open"


def test_while_the_build_awaits_its_verdict_verify_is_the_step_that_counts() -> None:
    assert current_step(delivered()) == delivered().step("verify")


def test_the_first_open_step_counts_and_at_the_end_the_last() -> None:
    view = building()
    assert current_step(view) == view.step("build")
    over = replace(view, steps=tuple(replace(one, state="passed") for one in view.steps))
    assert current_step(over) == over.step("writeback")
    assert current_step(replace(view, steps=())) is None


def test_after_a_reopening_the_newest_step_of_a_kind_counts() -> None:
    again = replace(building().step("build"), id="stp_build2", parent_step="stp_build")
    view = replace(building(), steps=(*steps("passed", "cancelled", "cancelled"), again))
    assert current_step(view) == again


@pytest.mark.parametrize(
    ("view", "word", "needs"),
    [
        (building(), "", False),
        (delivered(), "artifacts_ready", True),
        (at_qa(), "awaiting_qa", True),
        (blocked(), "blocked", True),
        (in_state(building(), "paused"), "paused", True),
        (in_state(building(), "closing"), "", False),
        (done(), "done", False),
        (in_state(building(), "cancelled"), "cancelled", False),
        (in_state(building(), "failed"), "failed", False),
    ],
)
def test_waiting_ends_when_a_person_is_needed_or_the_run_is_over(view: RunView, word: str, needs: bool) -> None:
    assert (reached(view), needs_person(view)) == (word, needs)


views = st.builds(
    lambda run, build, verify, qa, thread, dead, bad: replace(
        delivered(),
        run=replace(RUN, state=run, result_commit=ATTEMPT.commit),
        steps=steps(build, verify, qa),
        threads=(replace(THREAD, state=thread),),
        outbox=(DEAD,) if dead else (),
        evidence=(item("bad", polarity="refutes"),) if bad else (),
    ),
    *(st.sampled_from(get_args(kind)) for kind in (RunState, StepState, StepState, StepState, ThreadState)),
    st.booleans(),
    st.booleans(),
)


@given(views)
def test_there_is_always_one_next_action_that_can_be_shown_and_done(view: RunView) -> None:
    found = next_action(view)
    assert found.code in CODES
    assert found.label.strip()
    assert "\n" not in found.label
    assert (found.command == "") == (found.code == "wait")
    assert json.dumps(asdict(found))


@given(views)
def test_whoever_waits_for_a_person_never_gets_wait_as_the_next_action(view: RunView) -> None:
    if needs_person(view):
        assert next_action(view).code != "wait"


def test_a_run_without_steps_can_be_shown_too() -> None:
    assert next_action(RunView(run=RUN)).code == "wait"
    assert reached(RunView(run=RUN)) == ""
