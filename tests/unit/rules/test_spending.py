"""What counts against each cap, what is left of it, and which one stopped a run."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from factory.model.blocker import Blocker
from factory.model.cost import Budget, BudgetScope, CostBasis, CostEntry
from factory.model.cost_card import CapLine
from factory.model.run import Run
from factory.model.step import Attempt, Gauge, Step
from factory.model.thread import Thread
from factory.model.view import RunView
from factory.rules.budget import raise_cap, reserve, settle
from factory.rules.spending import cap_lines, used_up

CENT = 10_000


def budget(scope: BudgetScope, limit: int = 100, spent: int = 0, reserved: int = 0, **more: object) -> Budget:
    subject = {"run": "run_1", "thread": "thr_1", "day": "default:2026-01-01", "namespace": "default"}[scope]
    values = {"limit_micros": limit * CENT, "spent_micros": spent * CENT, "reserved_micros": reserved * CENT, **more}
    return Budget(id=f"bud_{scope}", run="", scope=scope, subject=subject, **values)  # type: ignore[arg-type]


def entry(cents: int, basis: CostBasis = "reported", role: str = "coder") -> CostEntry:
    thread = "thr_1" if role == "verifier" else ""
    return CostEntry(
        id="cst_1",
        run="run_1",
        step="s",
        attempt="a",
        role=role,
        agent="x",
        micros=cents * CENT,
        basis=basis,
        thread=thread,
    )


def working(reserved: int, counted: int | None = None, role: str = "coder") -> Attempt:
    gauge = None if counted is None else Gauge(spent=counted * CENT)
    return Attempt(
        id=f"att_{role}", run="run_1", step="s", n=1, role=role, state="running",  # type: ignore[arg-type]
        reserved_micros=reserved * CENT, gauge=gauge, created_at="2026-01-01T10:00:00.000Z",
    )  # fmt: skip


def view(*budgets: Budget, **more: object) -> RunView:
    own = tuple(one for one in budgets if one.scope in ("run", "thread"))
    shared = tuple(one for one in budgets if one not in own)
    base = RunView(run=Run(id="run_1", goal="g", state="paused"), threads=(Thread(id="thr_1", run="run_1", step="s"),))
    return replace(base, budgets=own, shared=shared, **more)  # type: ignore[arg-type]


def line(found: tuple[CapLine, ...], scope: str) -> CapLine:
    return next(one for one in found if one.scope == scope)


def test_caps_come_with_the_tightest_scope_first() -> None:
    found = cap_lines(view(budget("run"), budget("thread"), budget("day"), budget("namespace")))
    assert [one.scope for one in found] == ["thread", "run", "day", "namespace"]


def test_what_was_spent_is_split_by_how_it_is_known() -> None:
    costs = (entry(10), entry(20, "computed"), entry(4, "estimated", "verifier"), entry(0, "unpriced", "verifier"))
    found = cap_lines(view(budget("run", spent=34), budget("thread", spent=4), costs=costs))
    run, thread = line(found, "run"), line(found, "thread")
    assert (run.measured, run.estimated, run.unpriced) == (30 * CENT, 4 * CENT, 1)
    assert (thread.measured, thread.estimated, thread.unpriced) == (0, 4 * CENT, 1)


def test_an_agent_that_is_metered_counts_as_far_as_its_meter_and_not_with_all_that_it_reserved() -> None:
    found = line(cap_lines(view(budget("run", 100, 10, 90), attempts=(working(90, 25),))), "run")
    assert (found.in_flight, found.held, found.left) == (25 * CENT, 0, 65 * CENT)


def test_a_coder_is_not_in_flight_under_the_cap_of_the_peer() -> None:
    found = cap_lines(view(budget("thread", 25), budget("run"), attempts=(working(50),)))
    assert (line(found, "thread").in_flight, line(found, "run").in_flight) == (0, 50 * CENT)


def test_what_is_kept_for_an_agent_without_a_price_is_neither_spent_nor_left() -> None:
    kept = settle(reserve(budget("run"), 30 * CENT), 30 * CENT, None)
    found = line(cap_lines(view(kept, costs=(entry(0, "unpriced"),))), "run")
    assert (found.held, found.in_flight, found.left, found.unpriced) == (30 * CENT, 0, 70 * CENT, 1)


def test_of_a_shared_cap_other_runs_count_with_what_they_reserved() -> None:
    found = line(cap_lines(view(budget("day", 100, 10, 60), attempts=(working(40, 5),))), "day")
    assert (found.measured, found.in_flight, found.left) == (None, 25 * CENT, 65 * CENT)


def test_an_overshoot_is_told_and_leaves_nothing() -> None:
    over = settle(reserve(budget("run"), 5 * CENT), 5 * CENT, 120 * CENT)
    found = line(cap_lines(view(over)), "run")
    assert (found.over, found.left, found.state) == (20 * CENT, 0, "exhausted")


def test_a_cap_that_was_lowered_under_what_is_spent_is_passed_by_the_difference() -> None:
    lowered = raise_cap(budget("run", 100, 27), 10 * CENT, "run")
    found = line(cap_lines(view(lowered)), "run")
    assert (found.over, found.left) == (17 * CENT, 0)


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_no_cent_is_counted_twice_and_none_is_lost(limit: int, spent: int, reserved: int, counted: int) -> None:
    caps = (budget("run", limit, spent, reserved),)
    found = line(cap_lines(view(*caps, attempts=(working(reserved, counted),))), "run")
    assert found.in_flight == min(reserved, counted) * CENT
    assert found.left == max(0, found.cap - found.spent - found.in_flight - found.held)
    assert found.left >= caps[0].left_micros, "what an agent reserved and has not used is not gone"


def stopped(kind: str) -> dict[str, object]:
    step = Step(id="stp_1", run="run_1", kind=kind, order=1)  # type: ignore[arg-type]
    asked = Blocker(
        id="blk_1", run="run_1", code="cap_exceeded", severity="block", message="m", cause_ref="stp_1", opened_at="2026"
    )
    return {"steps": (step,), "blockers": (asked,)}


def test_a_verifier_is_stopped_by_the_cap_with_the_least_left() -> None:
    found = used_up(view(budget("run", 500, 40), budget("thread", 25, 20), **stopped("verify")))
    assert found is not None
    assert found.scope == "thread"


def test_a_coder_is_never_stopped_by_the_cap_of_the_peer() -> None:
    found = used_up(view(budget("run", 50, 45), budget("thread", 25, 25), **stopped("build")))
    assert found is not None
    assert found.scope == "run"


def test_the_cap_of_the_day_stops_too() -> None:
    found = used_up(view(budget("run", 500), budget("day", 100, 99), **stopped("build")))
    assert found is not None
    assert found.scope == "day"


def test_a_run_that_its_operator_paused_was_stopped_by_no_cap() -> None:
    assert used_up(view(budget("run", 500, 40), budget("thread", 25, 20))) is None
