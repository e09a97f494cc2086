"""The review card: worst first, and shut unless everything holds."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from factory.model.cost import Budget, CostEntry
from factory.model.evidence import Claim, Quality
from factory.model.status import ReviewCard
from factory.model.view import RunView
from factory.ports.workspace import Diff
from factory.rules.status import review_card
from tests.unit.rules.made import BASE, DIGEST, FINAL, GATE, NOW, PACKAGE, ROOT, THREAD, at_qa, delivered

GOOD = Quality(100, 80, "sufficient", (Claim("A1", "it adds up", True, "supported", 100),))
DIFF = Diff(BASE, FINAL, ("split.py",), added=7, removed=2)


def card(view: RunView, quality: Quality = GOOD, diff: Diff = DIFF, actor: str = "operator:eva") -> ReviewCard:
    """The card that this actor sees."""
    return review_card(view, diff, quality, NOW, actor, ROOT)


def test_a_card_shows_what_the_decision_is_about() -> None:
    found = card(at_qa())
    assert (found.digest, found.score, found.threshold, found.verdict) == (DIGEST, 100, 80, "pass")
    assert (found.sufficient, found.reasons, found.notes) == (True, (), ())
    assert found.diffstat == {"files": 1, "added": 7, "removed": 2}
    assert found.risk == {"level": "high", "reasons": ["the priority is H"]}
    assert json.dumps(asdict(found))


def test_refuted_and_unsupported_claims_come_first() -> None:
    states: list[Any] = ["supported", "stale", "unsupported", "refuted"]
    claims = tuple(Claim(f"A{index}", "x", True, state, 0) for index, state in enumerate(states))
    found = card(at_qa(), replace(GOOD, claims=claims))
    assert [line.status for line in found.claims] == ["refuted", "unsupported", "stale", "supported"]


def test_of_two_equal_claims_the_required_one_comes_first() -> None:
    claims = (Claim("A1", "x", False, "stale", 0), Claim("A2", "y", True, "stale", 0))
    assert [line.id for line in card(at_qa(), replace(GOOD, claims=claims)).claims] == ["A2", "A1"]


def test_a_card_without_a_package_is_shut() -> None:
    found = card(delivered())
    assert (found.digest, found.sufficient) == ("", False)
    assert found.reasons == ("There is no frozen evidence package yet.",)


def test_what_the_freeze_found_and_what_is_wrong_now_both_shut_it() -> None:
    view = replace(at_qa(), packages=(replace(PACKAGE, reasons=("A1 is refuted.",)),))
    found = card(view, replace(GOOD, reasons=("The evidence was changed after capture: x.",)))
    assert found.reasons == ("A1 is refuted.", "The evidence was changed after capture: x.")


@pytest.mark.parametrize("state", ["closed", "approved", "rejected", "superseded"])
def test_only_an_open_gate_takes_a_decision(state: Any) -> None:
    found = card(replace(at_qa(), gates=(replace(GATE, state=state),)))
    assert found.reasons == (f"The QA gate is {state}.",)


def test_a_gate_about_another_package_is_shut() -> None:
    found = card(replace(at_qa(), gates=(replace(GATE, package_digest="0" * 64),)))
    assert found.reasons == ("The QA gate is about another package.",)


def test_approving_what_one_launched_is_marked() -> None:
    assert card(at_qa(), actor="operator:ana").self_approved
    assert not card(at_qa(), actor="operator:eva").self_approved


def test_a_missing_verdict_is_said() -> None:
    silent = replace(at_qa(), threads=(THREAD,))
    assert card(silent).verdict == "none"
    assert card(replace(silent, run=replace(silent.run, verifier_required=False))).verdict == "not_required"


def test_what_is_worth_reading_is_noted() -> None:
    entry = CostEntry(id="c", run="run_1", step="s", attempt="a", role="coder", agent="c", basis="unpriced")
    over = Budget(id="b", run="run_1", scope="run", subject="run_1", limit_micros=1, overshoot_micros=5)
    run = replace(at_qa().run, allow_green_baseline=True, left_out=("notes.txt",))
    view = replace(at_qa(), run=run, costs=(entry,), budgets=(over,))
    found = card(view, diff=replace(DIFF, files=("split.py", "tests/test_split.py")))
    assert found.allow_green_baseline
    assert [note.split(":")[0] for note in found.notes] == [
        "FP5",
        "An agent named no price",
        "The cap was overshot",
        "A green baseline was allowed at the start",
        "Uncommitted changes were left out at the start",
    ]


def test_many_names_are_cut_short() -> None:
    files = tuple(f"tests/test_{index}.py" for index in range(9))
    assert card(at_qa(), diff=replace(DIFF, files=files)).notes[0].endswith("tests/test_4.py and 4 more.")
