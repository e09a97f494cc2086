"""The list of goals: the same facts as the whole view of each run."""

from dataclasses import replace
from typing import Literal, get_args

import pytest

from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.definition import StepKind
from factory.model.identity import Entity
from factory.model.run import Agent, Run, RunState
from factory.model.step import Attempt, AttemptState, Step, StepState
from factory.model.thread import Thread
from factory.model.trial import LABEL
from factory.model.view import RunRow
from factory.ports.ledger import Ledger
from tests.contract.ledger.books import RUN, put
from tests.fakes.run_row import row_of

KINDS: tuple[StepKind, ...] = get_args(StepKind)
AttemptRole = Literal["coder", "verifier", "planner"]
PREWIRED = Thread(id="thr_1", run="run_1", step="stp_build")


def steps(*states: StepState, run: str = "run_1", prefix: str = "stp") -> list[Step]:
    """One step of each kind in these states; the rest is pending."""
    pending: list[StepState] = ["pending"]
    filled = [*states, *pending * len(KINDS)]
    return [
        Step(id=f"{prefix}_{kind}", run=run, kind=kind, order=order, state=state)
        for order, (kind, state) in enumerate(zip(KINDS, filled, strict=False), start=1)
    ]


def row(ledger: Ledger, *entities: Entity) -> RunRow:
    """The row of a ledger that holds these entities."""
    ledger.write("a", lambda tx: [tx.put(entity, "test.put") for entity in entities])
    (found,) = ledger.rows()
    return found


@pytest.mark.parametrize(
    ("states", "current"),
    [
        ((), ("plan", "pending")),
        (("passed", "running"), ("build", "running")),
        (("skipped", "passed", "running"), ("verify", "running")),
        (("passed", "awaiting_verdict", "running"), ("verify", "running")),
        (("passed", "stalled"), ("build", "stalled")),
        (("split", "cancelled", "cancelled"), ("qa", "pending")),
        (("passed",) * 6, ("writeback", "passed")),
        (("passed", "cancelled", "cancelled", "cancelled", "cancelled", "cancelled"), ("writeback", "cancelled")),
    ],
)
def test_the_current_step_is_the_first_that_is_not_over(
    ledger: Ledger, states: tuple[StepState, ...], current: tuple[str, str]
) -> None:
    found = row(ledger, RUN, *steps(*states))
    assert (found.step_kind, found.step_state) == current
    assert found.steps_done == sum(state in ("passed", "skipped") for state in states)
    assert found.steps_total == 6


def test_a_reopened_step_replaces_the_older_one(ledger: Ledger) -> None:
    again = steps("passed", "ready", prefix="again")[1:]
    found = row(ledger, RUN, *steps(*("passed",) * 4), *again)
    assert (found.step_kind, found.step_state) == ("build", "ready")
    assert (found.steps_done, found.steps_total) == (1, 6)


def test_a_run_without_anything_has_a_row(ledger: Ledger) -> None:
    found = row(ledger, RUN)
    assert found == RunRow(
        id="run_1", goal="Fix split()", state="draft", priority="M", domain="", step_kind="", step_state="",
        steps_done=0, steps_total=0, spent_micros=0, in_flight_micros=0, cap_micros=0, unpriced=False,
        verifier_state="", round=0, last_event_at=found.created_at, created_at=found.created_at, blockers=0,
        needs_person=False,
    )  # fmt: skip


def test_money_is_what_all_attempts_cost_and_the_run_has_reserved(ledger: Ledger) -> None:
    cost = CostEntry(
        id="cst_1", run="run_1", step="s", attempt="a", role="coder", agent="x", micros=700, basis="reported"
    )
    cap = Budget(id="bud_1", run="run_1", scope="run", subject="run_1", limit_micros=9_000_000_000, reserved_micros=50)
    thread_cap = replace(cap, id="bud_2", scope="thread", limit_micros=1, reserved_micros=2)
    found = row(ledger, RUN, cost, replace(cost, id="cst_2", micros=5), cap, thread_cap)
    assert (found.spent_micros, found.in_flight_micros, found.cap_micros) == (705, 50, 9_000_000_000)
    assert not found.unpriced
    put(ledger, replace(cost, id="cst_3", micros=0, basis="unpriced"))
    assert ledger.rows()[0].unpriced


def test_only_open_blockers_that_stop_are_counted(ledger: Ledger) -> None:
    block = Blocker(id="blk_1", run="run_1", code="x", severity="block", message="m")
    solved = replace(block, id="blk_2", resolved_at="2026-01-01T00:00:00.000Z")
    assert row(ledger, RUN, block, solved, replace(block, id="blk_3", severity="warn")).blockers == 1


@pytest.mark.parametrize("state", get_args(RunState))
def test_a_run_that_waits_for_a_decision_needs_a_person_since_it_changed(ledger: Ledger, state: RunState) -> None:
    found = row(ledger, replace(RUN, state=state))
    assert found.needs_person == (state in ("awaiting_qa", "blocked", "paused"))
    assert found.waits_since == (ledger.get(Run, "run_1").updated_at if found.needs_person else "")


@pytest.mark.parametrize(
    ("run", "build", "thread", "needs"),
    [
        ("running", "awaiting_verdict", "prewired", True),
        ("running", "awaiting_verdict", "requested", False),
        ("running", "running", "prewired", False),
        ("cancelled", "awaiting_verdict", "prewired", False),
    ],
)
def test_an_artefact_that_nobody_sent_to_the_verifier_needs_a_person(
    ledger: Ledger, run: RunState, build: StepState, thread: str, needs: bool
) -> None:
    wired = replace(PREWIRED, state=thread)  # type: ignore[arg-type]
    found = row(ledger, replace(RUN, state=run), *steps("passed", build), wired)
    assert (found.needs_person, found.verifier_state) == (needs, thread)
    assert found.waits_since == (ledger.get(Step, "stp_build").updated_at if needs else "")


def test_a_row_names_both_agents_and_says_what_they_share(ledger: Ledger) -> None:
    mine, other = Agent("command:/bin/coder", "CodeCraft"), Agent("command:/bin/check", "Proveo")
    apart = row(ledger, replace(RUN, coder=mine, verifier=other))
    assert (apart.coder, apart.coder_company) == ("command:/bin/coder", "CodeCraft")
    assert (apart.verifier, apart.verifier_company) == ("command:/bin/check", "Proveo")
    assert not apart.shares_company
    put(ledger, replace(ledger.get(Run, "run_1"), verifier=replace(other, company="CodeCraft")))
    assert ledger.rows()[0].shares_company


def test_a_row_knows_the_last_progress_and_models_of_the_newest_attempts(ledger: Ledger) -> None:
    def tried(n: int, role: AttemptRole, model: str, progress: str) -> Attempt:
        return Attempt(id=f"att_{n}", run="run_1", step=f"s{n}", n=n, role=role, model=model, last_progress=progress)

    later = "2036-01-01T00:00:03.000Z"
    found = row(
        ledger, RUN, tried(1, "coder", "m-1", "2025-01-01"), tried(2, "coder", "m-2", "2025-01-02"),
        tried(3, "verifier", "m-1", "2025-01-03"),
    )  # fmt: skip
    assert (found.coder_model, found.verifier_model, found.last_progress_at) == ("m-2", "m-1", "2025-01-03")
    assert not found.shares_model
    assert found.last_sign_at == found.last_event_at
    ledger.beat("att_3", later, later)
    (beaten,) = ledger.rows()
    assert (beaten.last_progress_at, beaten.last_sign_at) == (later, later)


def test_agents_that_name_no_model_share_none(ledger: Ledger) -> None:
    found = row(ledger, RUN)
    assert (found.shares_model, found.shares_company) == (False, False)


@pytest.mark.parametrize(
    ("run", "attempt", "is_queued"),
    [("running", "created", True), ("running", "leased", True), ("running", "running", False),
     ("running", "lost", False), ("paused", "leased", False)],
)  # fmt: skip
def test_a_goal_whose_newest_agent_has_not_begun_is_queued(
    ledger: Ledger, run: RunState, attempt: AttemptState, is_queued: bool
) -> None:
    before = Attempt(id="att_1", run="run_1", step="s", n=1, role="verifier", state="succeeded")
    found = row(ledger, replace(RUN, state=run), before, replace(before, id="att_2", n=2, role="coder", state=attempt))
    assert found.is_queued == is_queued
    assert found == row_of(ledger.view("run_1"))


@pytest.mark.parametrize(
    ("state", "states", "blocks"),
    [("running", ("passed", "running"), 4), ("running", ("passed", "awaiting_verdict", "running"), 3),
     ("awaiting_qa", ("passed",) * 3, 2), ("done", ("passed",) * 6, 0), ("cancelled", ("passed", "running"), 0)],
)  # fmt: skip
def test_a_row_counts_the_steps_behind_the_current_one(
    ledger: Ledger, state: RunState, states: tuple[StepState, ...], blocks: int
) -> None:
    assert row(ledger, replace(RUN, state=state), *steps(*states)).blocks == blocks


def test_rows_are_the_newest_first_by_state_or_by_id(ledger: Ledger) -> None:
    for n in range(5):
        put(ledger, replace(RUN, id=f"run_{n}", state="done" if n % 2 else "running"))
    assert [row.id for row in ledger.rows(limit=2)] == ["run_4", "run_3"]
    assert [row.id for row in ledger.rows(limit=2, state="running")] == ["run_4", "run_2"]
    assert [row.id for row in ledger.rows(limit=1, ids=["run_0", "run_3", "run_none"])] == ["run_3", "run_0"]
    assert ledger.rows(ids=[]) == ()
    assert ledger.rows(state="done", ids=["run_2"]) == ()


def test_rows_and_views_agree(ledger: Ledger) -> None:
    states: tuple[RunState, ...] = ("running", "blocked", "done")
    passed: StepState = "passed"
    for n, state in enumerate(states):
        run = f"run_{n}"
        thread = replace(PREWIRED, id=f"thr_{n}", run=run, round=n)
        cap = Budget(id=f"bud_{n}", run=run, scope="run", subject=run, limit_micros=n, reserved_micros=n)
        mine = steps(*(passed,) * n, "awaiting_verdict", run=run, prefix=f"stp_{n}")
        for entity in (replace(RUN, id=run, state=state), *mine, thread, cap):
            put(ledger, entity)
    assert ledger.rows() == tuple(row_of(ledger.view(f"run_{n}")) for n in (2, 1, 0))


@pytest.mark.parametrize(
    ("state", "is_shown"), [("running", True), ("awaiting_qa", False), ("closing", True), ("done", True)]
)
def test_how_a_run_of_a_trial_is_checked_is_in_its_row_once_it_is_decided(
    ledger: Ledger, state: RunState, is_shown: bool
) -> None:
    thread = Thread(id="thr_1", run="run_1", step="stp_1", state="passed", round=1)
    attempt = Attempt(id="att_1", run="run_1", step="stp_1", n=1, role="verifier", model="one", last_progress="2026")
    found = row(ledger, replace(RUN, state=state, labels=("demo", LABEL)), thread, attempt)
    shown = (found.verifier_state, found.round, found.verifier_model)
    assert shown == (("passed", 1, "one") if is_shown else ("", 0, ""))
    assert found.last_progress_at == "2026"
