"""Rubric 1: the examples of the reference, hand-made cases, and what must always hold."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.model.evidence import Evidence, Quality
from factory.model.run import Criterion
from factory.rules.scoring import admissible, assess, inadmissible_source, score
from tests.unit.rules.made import A1, A2, BASE, CHANGED, EARLIER, FINAL, NOW, bare, command, counts, item

BEFORE = "2026-11-23T09:00:00.000Z"
REFUTING: dict[str, Any] = {"polarity": "refutes", "outcome": "failed", "tests": counts(11, 2)}


def points(one: Evidence) -> int:
    """The score on the final commit, now."""
    return score(one, FINAL, CHANGED, NOW)[0]


def quality(*evidence: Evidence, criteria: tuple[Criterion, ...] = (A1,), failures: tuple[str, ...] = ()) -> Quality:
    """The quality of these items with the usual threshold."""
    return assess(criteria, evidence, FINAL, CHANGED, NOW, 80, failures)


def state(*evidence: Evidence) -> str:
    """The state of A1."""
    return quality(*evidence).claims[0].status


def test_tests_that_a_verifier_ran_on_the_final_commit_score_100() -> None:
    assert points(item(role="verifier")) == 100


def test_the_coders_own_tests_score_85() -> None:
    assert points(item(role="coder")) == 85


def test_an_imported_screenshot_scores_55_and_supports_nothing() -> None:
    screenshot = bare("shot", kind="file", capture="file", role="operator", subject="")
    assert points(screenshot) == 55
    assert state(screenshot) == "unsupported"


def test_a_verifier_log_from_before_the_last_change_scores_80_but_is_stale() -> None:
    log = item("old", kind="log", role="verifier", subject=EARLIER, captured_at=BEFORE)
    assert points(log) == 80
    assert state(log) == "stale"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"capture": "imported_command"}, 85),
        ({"capture": "file"}, 80),
        ({"tests": None, "kind": "command"}, 92),
        ({"tests": None, "command": None, "kind": "kb_page"}, 92),
        ({"subject": ""}, 95),
        ({"subject": EARLIER}, 85),
        ({"captured_at": BEFORE}, 95),
        ({"captured_at": ""}, 95),
    ],
)
def test_each_signal_has_its_points(changes: dict[str, Any], expected: int) -> None:
    assert points(item(**changes)) == expected


def test_evidence_grows_old_after_a_day_and_health_after_ten_minutes() -> None:
    health: dict[str, Any] = {"kind": "health_check", "tests": None, "command": None}
    assert score(item(), FINAL, CHANGED, "2026-11-24T10:05:00.000Z")[0] == 100
    assert score(item(), FINAL, CHANGED, "2026-11-24T10:05:00.001Z")[0] == 95
    assert score(item(**health), FINAL, CHANGED, "2026-11-23T10:15:00.000Z")[0] == 92
    assert score(item(**health), FINAL, CHANGED, "2026-11-23T10:15:00.001Z")[0] == 87


def test_the_lines_of_the_rubric_add_up_and_say_why() -> None:
    total, checks = score(item(role="coder"), FINAL, CHANGED, NOW)
    assert total == sum(check.points for check in checks)
    assert [check.id for check in checks if not check.ok] == ["independence"]
    assert all(check.why for check in checks)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (item(path=""), "Nothing was stored"),
        (item(sha256=""), "Nothing was stored"),
        (item(size=0), "empty"),
        (item(path="/etc/passwd"), "leads out"),
        (item(path="store/../../x"), "leads out"),
        (item(kind="rumour"), "'rumour' is no kind"),
        (item(source="memory://lessons/7"), "guidance, never evidence"),
        (item(source=" Memory://lessons/7"), "guidance, never evidence"),
        (item(source="lightrag://doc"), "guidance, never evidence"),
        (bare("word", kind="log", role="coder"), "bare word of the coder"),
        (bare("word", kind="file", role="verifier"), "bare word of the verifier"),
        (item(command=command(None)), "no exit code"),
        (bare("none", kind="command"), "no command"),
        (item(tests=counts(0)), "nothing collected"),
        (item(tests=None), "nothing collected"),
        (item(command=command(5, "pytest")), "pytest ended with 5"),
        (item(command=command(2, "python3", "-m", "pytest")), "pytest ended with 2"),
        (item(command=command(-9, "pytest")), "pytest ended with -9"),
    ],
)
def test_what_may_not_count_is_named_and_worth_nothing(found: Evidence, reason: str) -> None:
    assert reason in admissible(found)
    assert score(found, FINAL, CHANGED, NOW)[1][0].why == admissible(found)
    assert points(found) == 0
    assert state(found) == "unsupported"
    assert state(replace(found, polarity="refutes")) == "unsupported"


def test_a_log_that_speaks_for_nothing_may_be_kept() -> None:
    assert admissible(bare("log", kind="log", role="coder", polarity="neutral", claims=())) == ""


def test_a_failing_pytest_run_is_admissible() -> None:
    assert admissible(item(**REFUTING, command=command(1, "pytest"))) == ""


def test_other_programs_may_end_with_any_code() -> None:
    assert admissible(item(kind="command", tests=None, command=command(2, "make"))) == ""


def test_a_memory_reference_is_no_source() -> None:
    assert "memory" in inadmissible_source("memory://x")
    assert inadmissible_source("docs/memory.md") == ""


def test_a_claim_with_good_evidence_is_supported_and_says_by_what() -> None:
    claim = quality(item("good"), item("other", claims=("A2",))).claims[0]
    assert (claim.status, claim.score, claim.evidence) == ("supported", 100, ("evd_good",))


def test_one_refuting_item_outweighs_any_support() -> None:
    found = quality(item("good"), item("bad", **REFUTING))
    assert (found.claims[0].status, found.score, found.verdict) == ("refuted", 0, "insufficient")
    assert found.reasons == ("A1 is refuted: bad.xml refutes it.",)


def test_a_refuting_item_about_an_older_commit_refutes_nothing_now() -> None:
    assert state(item("bad", **REFUTING, subject=EARLIER), item("good")) == "supported"


def test_a_claim_with_only_older_items_is_stale() -> None:
    found = quality(item(subject=EARLIER))
    assert (found.claims[0].status, found.score) == ("stale", 49)
    assert found.reasons == ("A1 is stale: its evidence is about an older commit.",)


def test_an_older_item_does_not_lift_a_weak_new_one() -> None:
    weak = bare("shot", kind="file", capture="file", role="operator", subject="")
    assert state(item("old", subject=EARLIER), weak) == "unsupported"


def test_a_claim_is_supported_from_60_points_on() -> None:
    sixty = bare("sixty", kind="file", capture="imported_command", role="operator", subject="")
    assert points(sixty) == 60
    assert state(sixty) == "supported"


def test_baselines_say_nothing_about_the_result() -> None:
    assert state(item(baseline=True)) == "unsupported"
    assert state(item("good"), item("before", **REFUTING, baseline=True, subject=FINAL)) == "supported"


def test_neutral_items_say_nothing() -> None:
    assert state(item(polarity="neutral")) == "unsupported"


def test_the_package_is_the_mean_of_its_required_claims_rounded_down() -> None:
    coder = item("coder", role="coder", claims=("A2",), captured_at=BEFORE)
    found = quality(item(), coder, criteria=(A1, A2))
    assert ([claim.score for claim in found.claims], found.score) == ([100, 80], 90)
    third = replace(A1, id="A3")
    assert quality(item(claims=("A1", "A3")), coder, criteria=(A1, A2, third)).score == 93


def test_one_unsupported_claim_caps_the_package_at_49() -> None:
    many = tuple(replace(A1, id=f"A{index}") for index in range(1, 10))
    found = quality(item(claims=tuple(one.id for one in many[:-1])), criteria=many)
    assert (found.score, found.verdict) == (49, "insufficient")
    assert found.reasons == ("A9 is unsupported: there is no evidence for it on the result.",)


def test_a_claim_that_is_not_required_does_not_count() -> None:
    optional = replace(A2, required=False)
    assert quality(item(), criteria=(A1, optional)).score == 100
    refuted = quality(item(), item("bad", **REFUTING, claims=("A2",)), criteria=(A1, optional))
    assert (refuted.score, refuted.verdict) == (100, "sufficient")


def test_a_run_without_a_required_claim_proves_nothing() -> None:
    assert quality(item(), criteria=()).reasons == ("No required claim is made.",)


def test_one_digest_failure_is_enough_for_a_zero() -> None:
    found = quality(item("a"), item("b"), failures=("store/a.xml: digest_mismatch",))
    assert (found.score, found.verdict) == (0, "insufficient")
    assert found.reasons[0] == "The evidence was changed after capture: store/a.xml: digest_mismatch."
    assert found.claims[0].evidence == ("evd_b",)
    assert [one.score for one in found.items] == [0, 100]


def test_a_score_under_the_threshold_is_a_reason() -> None:
    found = assess((A1,), (item(role="coder"),), FINAL, CHANGED, NOW, 90)
    assert found.reasons == ("The score is 85, under the threshold of 90.",)


def test_the_threshold_itself_is_enough() -> None:
    assert assess((A1,), (item(role="coder"),), FINAL, CHANGED, NOW, 85).verdict == "sufficient"


def test_before_there_is_a_result_evidence_about_commits_is_stale() -> None:
    assert assess((A1,), (item(),), "", "", NOW, 80).claims[0].status == "stale"


items = st.builds(
    item,
    st.integers(0, 10**9).map(str),
    polarity=st.sampled_from(["supports", "refutes", "neutral"]),
    role=st.sampled_from(["coder", "verifier", "factory", "operator"]),
    capture=st.sampled_from(["harness", "imported_command", "file"]),
    subject=st.sampled_from([FINAL, EARLIER, BASE, ""]),
    claims=st.sampled_from([("A1",), ("A2",), ("A1", "A2"), ()]),
    captured_at=st.sampled_from([BEFORE, CHANGED, NOW, ""]),
    tests=st.sampled_from([counts(), counts(0), None]),
    kind=st.sampled_from(["test", "log", "command", "file", "health_check"]),
    size=st.sampled_from([0, 10]),
    baseline=st.booleans(),
)
piles = st.lists(items, max_size=6, unique_by=lambda one: one.id)
criteria_lists = st.sampled_from([(A1,), (A1, A2), (A1, replace(A2, required=False)), ()])


@given(items)
def test_a_score_is_between_0_and_100_and_0_exactly_when_inadmissible(one: Evidence) -> None:
    assert 0 <= points(one) <= 100
    assert (points(one) == 0) == bool(admissible(one))


@given(piles, st.randoms(), criteria_lists)
def test_the_order_of_the_evidence_does_not_count(pile: list[Evidence], chance: Any, criteria: Any) -> None:
    shuffled = chance.sample(pile, len(pile))
    first, second = quality(*pile, criteria=criteria), quality(*shuffled, criteria=criteria)
    assert (first.score, first.verdict) == (second.score, second.verdict)
    assert [one.status for one in first.claims] == [one.status for one in second.claims]


@given(piles, items, criteria_lists)
def test_more_refutation_never_helps(pile: list[Evidence], more: Evidence, criteria: Any) -> None:
    against = replace(more, id="evd_more", polarity="refutes", subject=FINAL)
    assert quality(*pile, against, criteria=criteria).score <= quality(*pile, criteria=criteria).score


@given(piles, items, criteria_lists)
def test_more_support_on_the_result_never_hurts_a_sufficient_package(
    pile: list[Evidence], more: Evidence, criteria: Any
) -> None:
    before = quality(*pile, criteria=criteria)
    after = quality(*pile, replace(more, id="evd_more", polarity="supports", subject=FINAL), criteria=criteria)
    if before.verdict == "sufficient":
        assert after.verdict == "sufficient"
        assert after.score >= before.score


@given(piles, criteria_lists)
def test_a_package_is_sufficient_only_when_every_required_claim_is_supported(
    pile: list[Evidence], criteria: Any
) -> None:
    found = quality(*pile, criteria=criteria)
    required = [claim.status for claim in found.claims if claim.required]
    if found.verdict == "sufficient":
        assert set(required) == {"supported"}
        assert found.score >= 80
    else:
        assert found.reasons
    if "refuted" in required or not required:
        assert found.score == 0
    elif {"stale", "unsupported"} & set(required):
        assert found.score <= 49


@given(piles, criteria_lists)
def test_items_that_may_not_count_change_nothing(pile: list[Evidence], criteria: Any) -> None:
    kept = [one for one in pile if not admissible(one) and not one.baseline]
    assert quality(*pile, criteria=criteria).score == quality(*kept, criteria=criteria).score
