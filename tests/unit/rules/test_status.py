"""The status of a run: the eight fields and what stands behind them."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.gate import Gate
from factory.model.outbox import OutboxItem
from factory.model.source import Source
from factory.model.status import Status
from factory.model.view import RunView
from factory.rules.outputs import outputs, record
from factory.rules.status import status
from tests.unit.rules.made import (
    ATTEMPT,
    BASE,
    DIGEST,
    FINAL,
    GATE,
    NOW,
    PACKAGE,
    ROOT,
    RUN,
    THREAD,
    at_qa,
    building,
    delivered,
    item,
    steps,
)

CLONE = "/home/git/source repo.git"


def shown(view: RunView) -> Status:
    """The status of this view."""
    return status(view, ROOT, {"ledger": Source("live", 0.4)}, NOW, CLONE)


def cost(name: str, micros: int, basis: Any, step: str = "stp_build") -> CostEntry:
    """A cost entry."""
    return CostEntry(
        id=name, run="run_1", step=step, attempt="att_1", role="coder", agent="c", micros=micros, basis=basis
    )


def test_the_eight_fields_of_a_run_at_work() -> None:
    found = shown(building())
    assert found.goal == RUN.goal
    assert (found.step.kind, found.step.state, found.step.attempt) == ("build", "running", 1)
    assert (found.agent.company, found.agent.name) == ("CodeCraft", "command:/bin/coder")
    assert (found.verifier.company, found.verifier.state, found.verifier.sent) == ("Proveo", "prewired", 0)
    assert found.evidence == ()
    assert found.cost.in_flight == 50_000
    assert found.blockers == ()
    assert found.next_action.code == "wait"


def test_all_of_it_is_plain_json() -> None:
    text = json.dumps(asdict(shown(at_qa())))
    assert set(json.loads(text)) >= {
        *("run", "state", "goal", "step", "agent", "verifier", "evidence", "cost", "blockers", "next_action"),
        *("claims", "steps", "gate", "outbox", "result", "sources", "as_of"),
    }


def test_while_the_build_awaits_its_verdict_the_verifier_is_the_agent() -> None:
    found = shown(delivered())
    assert (found.step.kind, found.agent.company) == ("verify", "Proveo")


def test_a_planner_is_named_while_it_plans() -> None:
    view = replace(
        building(), run=replace(RUN, planner="claude"), steps=(replace(steps("pending")[0], state="running"),)
    )
    assert shown(view).agent.name == "claude"


def test_what_was_sent_to_the_verifier_is_counted() -> None:
    found = shown(at_qa())
    assert (found.verifier.sent, found.verifier.round, found.verifier.verdict) == (1, 1, "pass")


def test_the_verifiers_cap_is_its_threads() -> None:
    assert shown(building()).verifier.cap == THREAD.cap_micros
    cap = Budget(
        id="b", run="run_1", scope="thread", subject="thr_1", limit_micros=900_000, spent_micros=100, reserved_micros=7
    )
    found = shown(replace(building(), budgets=(cap,)))
    assert (found.verifier.cap, found.verifier.spent) == (900_000, 100)


def test_evidence_has_an_absolute_path_and_a_score() -> None:
    (first, _) = shown(at_qa()).evidence
    assert (first.path, first.score, first.claims) == (f"{ROOT}/store/a1.xml", 100, ("A1",))


@pytest.mark.parametrize(
    ("bases", "weakest"),
    [
        ([], "none"),
        (["reported"], "reported"),
        (["reported", "computed"], "computed"),
        (["declared", "estimated"], "estimated"),
        (["reported", "unpriced", "estimated"], "unpriced"),
    ],
)
def test_the_weakest_basis_says_how_well_the_cost_is_known(bases: list[Any], weakest: str) -> None:
    entries = tuple(cost(f"cst_{index}", 10, basis) for index, basis in enumerate(bases))
    found = shown(replace(building(), costs=entries)).cost
    assert (found.basis, found.micros) == (weakest, 10 * len(bases))


def test_nothing_is_in_flight_once_the_attempt_is_over() -> None:
    assert shown(replace(building(), attempts=(replace(ATTEMPT, reserved_micros=50_000),))).cost.in_flight == 0


def test_each_step_shows_what_it_cost() -> None:
    view = replace(building(), costs=(cost("a", 10, "reported"), cost("b", 5, "reported", "stp_verify")))
    assert {line.kind: line.cost_micros for line in shown(view).steps} == {
        "plan": 0,
        "build": 10,
        "verify": 5,
        "qa": 0,
        "docs": 0,
        "writeback": 0,
    }


def test_claims_follow_the_evidence_on_the_result() -> None:
    assert [(one.id, one.status, one.score) for one in shown(at_qa()).claims] == [
        ("A1", "supported", 100),
        ("A2", "supported", 100),
    ]
    refuted = replace(at_qa(), evidence=(item("bad", polarity="refutes", outcome="failed"),))
    assert [one.status for one in shown(refuted).claims] == ["refuted", "unsupported"]


def test_only_open_blockers_are_shown() -> None:
    first = Blocker(id="blk_1", run="run_1", code="lost", severity="block", message="gone", resolved_at=NOW)
    second = replace(first, id="blk_2", resolved_at="")
    assert [one.id for one in shown(replace(building(), blockers=(first, second))).blockers] == ["blk_2"]


def test_the_gate_shows_the_package_that_the_decision_is_about() -> None:
    gate = shown(at_qa()).gate
    assert (gate.kind, gate.state, gate.digest, gate.package) == ("qa", "open", DIGEST, PACKAGE.path)
    assert (gate.score, gate.sufficient, gate.reasons) == (100, True, ())


def test_an_insufficient_gate_says_why() -> None:
    view = replace(
        at_qa(),
        gates=(replace(GATE, state="closed"),),
        packages=(replace(PACKAGE, sufficient=False, reasons=("A1 is refuted.",)),),
    )
    assert shown(view).gate.reasons == ("A1 is refuted.",)


def test_an_open_gate_of_another_kind_counts_before_qa() -> None:
    review = Gate(id="gat_c", run="run_1", kind="cost_review", state="open")
    assert shown(replace(at_qa(), gates=(review, replace(GATE, state="approved")))).gate.kind == "cost_review"


def test_before_any_gate_qa_is_closed() -> None:
    gate = shown(building()).gate
    assert (gate.kind, gate.state, gate.digest, gate.package) == ("qa", "closed", "", "")


def test_each_writeback_target_shows_its_newest_item() -> None:
    first = OutboxItem(id="o1", run="run_1", target="knowledge", op="page", dedupe_key="1", state="delivered")
    other = replace(first, id="o2", target="memory")
    newest = replace(first, id="o3", state="queued")
    found = shown(replace(building(), outbox=(first, other, newest))).outbox
    assert [(line.target, line.state) for line in found] == [("knowledge", "queued"), ("memory", "delivered")]


def test_there_is_no_result_before_an_attempt_delivered() -> None:
    found = shown(building()).result
    assert (found.branch, found.commit, found.base, found.fetch, found.patch) == ("", "", BASE, "", "")


def test_the_result_says_how_to_fetch_it() -> None:
    patch = item("build-1.patch", kind="file", title="build-1-uild.patch", polarity="neutral")
    found = shown(replace(delivered(), evidence=(patch,))).result
    assert (found.commit, found.branch) == (FINAL, "cockpit/1")
    assert found.fetch == f"git fetch '{CLONE}' refs/cockpit/run_1/build-1-uild:cockpit/1"
    assert found.patch == f"{ROOT}/store/build-1.patch.xml"


def test_without_a_known_clone_there_is_nothing_to_fetch() -> None:
    assert status(delivered(), ROOT, {}, NOW).result.fetch == ""


def test_the_status_is_as_old_as_the_view() -> None:
    assert shown(replace(building(), as_of="2026-11-23T10:29:59.000Z")).as_of == "2026-11-23T10:29:59.000Z"


def test_a_bare_run_has_a_status_too() -> None:
    found = shown(RunView(run=RUN))
    assert (found.step.kind, found.verifier.thread, found.as_of) == ("", "", NOW)


def test_the_seven_outputs_are_named_with_their_places() -> None:
    view = at_qa()
    named = dict(outputs(view))
    assert len(named) == 7
    assert named["spec page"] == "not recorded"
    files = record(view, shown(view))
    assert {f"record/{name}" for name in files} == {place for place in named.values() if place.startswith("record/")}


def test_the_records_are_plain_json_and_hold_what_they_are_for() -> None:
    view = replace(
        at_qa(), outbox=(OutboxItem(id="o1", run="run_1", target="memory", op="remember", dedupe_key="1", payload="x"),)
    )
    files = json.loads(json.dumps(record(view, shown(view))))
    assert files["task.json"]["goal"] == RUN.goal
    assert [child["kind"] for child in files["task.json"]["children"]] == [one.kind for one in view.steps]
    assert files["route.json"]["builder"] == "CodeCraft"
    assert files["thread.json"]["messages"][0]["kind"] == "request"
    assert files["gate.json"]["gate"]["digest"] == DIGEST
    assert files["progress.json"]["cost"]["basis"] == "none"
    assert files["writeback.json"]["items"][0]["target"] == "memory"
    assert "payload" not in files["writeback.json"]["items"][0]
