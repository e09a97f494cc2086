"""Known patches: which of them a verifier is shown, when to stop, and what its answers are worth."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.statistics import ScipyStatistics
from factory.errors import Usage
from factory.model.canary import CanaryResult
from factory.rules.known_patches import MOST, Kind, Variant, check_count, patches, report, why_to_stop

RIGHT = Variant("right")
KINDS: st.SearchStrategy[Kind] = st.sampled_from(["good", "bad"])
WORDS = st.sampled_from(["pass", "changes_requested", "inconclusive", ""])


def wrong(count: int) -> list[Variant]:
    return [Variant(f"wrong {number}", {"a.py": str(number)}) for number in range(count)]


def result(kind: Kind, said: str, **changes: Any) -> CanaryResult:
    about = {"id": "can_1", "verifier": "command:v", "model": "", "kind": kind, "patch": "a", "said": said}
    return CanaryResult(
        **{**about, "commit": "c" * 40, "at": "2026-11-26T00:00:00.000Z", "basis": "reported", **changes}
    )


def made(results: list[CanaryResult]) -> Any:
    different = [replace(one, patch=f"patch {n}") for n, one in enumerate(results)]
    return report(ScipyStatistics(), "cny_1", "command:v", 1, 12, different, "", 2, 1, 3.14)


@given(st.integers(1, 40), st.integers(2, 12), st.integers())
def test_patches_are_half_good_never_twice_and_always_mend_something(n: int, count: int, seed: int) -> None:
    found = patches(n, RIGHT, wrong(count), seed)
    assert found == patches(n, RIGHT, wrong(count), seed)
    assert [patch.n for patch in found] == list(range(1, len(found) + 1))
    assert len({(patch.base.name, patch.result.name) for patch in found}) == len(found)
    good = [patch for patch in found if patch.kind == "good"]
    bad = [patch for patch in found if patch.kind == "bad"]
    assert all(patch.result == RIGHT != patch.base for patch in good)
    assert all(RIGHT != patch.result != patch.base != RIGHT for patch in bad)
    assert len(good) == min(n // 2, count)
    assert len(bad) == min(n - n // 2, count * (count - 1))
    if len(bad) <= count:
        assert len({patch.result.name for patch in bad}) == len(bad)


def test_the_first_wrong_state_is_where_the_first_bad_patch_starts() -> None:
    first = next(patch for patch in patches(2, RIGHT, wrong(3), 1) if patch.kind == "bad")
    assert (first.base.name, first.result.name) == ("wrong 0", "wrong 1")
    assert first.name == "wrong 1, on wrong 0"
    assert first.touched == ("a.py",)


def test_only_the_seed_decides_which_of_a_pair_comes_first() -> None:
    orders = {tuple(patch.kind for patch in patches(12, RIGHT, wrong(7), seed)) for seed in range(20)}
    assert len(orders) > 5


@pytest.mark.parametrize("n", [0, -1, MOST + 1, 100_000])
def test_a_number_of_patches_that_cannot_be_is_refused(n: int) -> None:
    with pytest.raises(Usage, match=f"from 1 to {MOST}, and it is {n}"):
        check_count(n)


def test_a_stamp_and_a_strict_verifier_are_told_apart_by_their_intervals() -> None:
    stamp = made([result("bad", "pass")] * 6 + [result("good", "pass")] * 6)
    strict = made([result("bad", "changes_requested")] * 6 + [result("good", "pass")] * 6)
    assert (stamp.false_pass.hits, stamp.false_pass.n) == (6, 6)
    assert stamp.false_pass.low > strict.false_pass.high
    assert stamp.false_fail == strict.false_fail
    assert strict.false_fail.hits == 0


def test_what_takes_no_side_is_counted_apart() -> None:
    found = made([result("bad", "inconclusive"), result("bad", ""), result("bad", "pass"), result("good", "")])
    assert (found.false_pass.hits, found.false_pass.n, found.false_pass.value) == (1, 3, None)
    assert (found.inconclusive_bad, found.inconclusive_good) == (2, 1)


def test_a_price_that_nobody_knows_is_not_zero() -> None:
    priced = result("good", "pass", cost_micros=30)
    found = made([priced, result("good", "pass", basis="unpriced"), priced])
    assert (found.cost_micros, found.unpriced, found.cost_per_verdict) == (60, 1, 30)
    assert made([result("good", "pass", basis="unpriced")]).cost_per_verdict is None


@given(st.lists(st.builds(result, KINDS, WORDS), max_size=30))
def test_every_result_is_counted_exactly_once(results: list[CanaryResult]) -> None:
    found = made(results)
    assert found.false_pass.n + found.false_fail.n == found.done == len(results)
    decided = [one for one in results if one.is_decided]
    assert found.inconclusive_bad + found.inconclusive_good == len(results) - len(decided)
    assert found.false_pass.hits == sum(one.kind == "bad" and one.said == "pass" for one in results)
    assert found.false_pass.hits + found.false_fail.hits == sum(not one.is_right for one in decided)


def test_a_call_stops_before_the_next_verdict_would_pass_the_budget() -> None:
    spent = [result("good", "pass", cost_micros=40)]
    assert why_to_stop([], 1) == ""
    assert why_to_stop(spent, 40) == ""
    assert "less than a verdict has cost" in why_to_stop(spent, 39)
    assert "used up" in why_to_stop([], 0)


def test_a_verifier_that_says_nothing_is_asked_three_times() -> None:
    silent = result("good", "", why="It left no file.")
    assert why_to_stop([silent] * 2, 100) == ""
    assert why_to_stop([silent] * 3, 100).endswith("3 times in a row: It left no file.")
    assert why_to_stop([silent, silent, result("bad", "inconclusive")], 100) == ""
