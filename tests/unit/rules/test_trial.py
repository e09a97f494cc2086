"""Comparison arms: balanced, not to be foreseen, and worded by what they can show."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.statistics import ScipyStatistics
from factory.model.run import Run
from factory.model.trial import Assignment
from factory.rules.trial import Outcome, assign, runs_needed, trial

STATISTICS = ScipyStatistics()
RUN = Run(id="run_0", goal="Change the css of the page", domain="frontend", verifier_required=False)
RUNS = st.lists(
    st.tuples(st.sampled_from(["frontend", "product"]), st.sampled_from(["M", "L"]), st.booleans()), max_size=60
)


def assigned(runs: list[tuple[str, str, bool]], name: str = "run") -> list[Assignment]:
    found: list[Assignment] = []
    for number, (domain, priority, needs) in enumerate(runs):
        run = replace(RUN, id=f"{name}_{number}", domain=domain, priority=priority, verifier_required=needs)  # type: ignore[arg-type]
        found.append(assign(f"asg_{number}", run, found))
    return found


def outcomes(a: tuple[int, int], b: tuple[int, int]) -> list[Outcome]:
    """Late rework and closed runs of each arm."""
    return [
        Outcome(Assignment(id="asg", given_to="run", arm=arm), reworked=number < hits, is_closed=True)  # type: ignore[arg-type]
        for arm, (hits, n) in (("A", a), ("B", b))
        for number in range(n)
    ]


@given(RUNS)
def test_arms_stay_balanced_within_each_stratum(runs: list[tuple[str, str, bool]]) -> None:
    found = assigned(runs)
    assert found == assigned(runs)
    for stratum in {one.stratum for one in found}:
        arms = Counter(one.arm for one in found if one.stratum == stratum and one.arm)
        assert abs(arms["A"] - arms["B"]) <= 2
        if not (arms["A"] + arms["B"]) % 4:
            assert arms["A"] == arms["B"]
    assert [one.arm == "" for one in found] == [needs for *_, needs in runs]


def test_what_needs_a_verifier_by_rule_is_left_out_with_the_reason() -> None:
    run = replace(RUN, verifier_required=True, verifier_reasons=("priority H",))
    assert assign("asg_1", run, []).why == "A verifier is required: priority H."


def test_the_next_arm_cannot_be_told_from_the_ones_before() -> None:
    orders = {tuple(one.arm for one in assigned([("frontend", "M", False)] * 4, f"run{n}")) for n in range(60)}
    assert len(orders) == 6


def test_a_run_without_an_arm_shows_no_cause() -> None:
    assert trial(STATISTICS, []).wording == "observational"
    assert "no run was given an arm" in trial(STATISTICS, []).sentence


def test_under_thirty_runs_per_arm_nothing_is_said_but_how_many_are_needed() -> None:
    found = trial(STATISTICS, outcomes((9, 29), (5, 40)))
    assert (found.wording, found.low, found.high) == ("insufficient data", None, None)
    assert found.sentence.startswith("Insufficient data (n=29 and 40): late rework 9 of 29 with a self-check, 5 of 40")
    assert "from 30 % to 15 %, about 121 runs per arm are needed" in found.sentence


@pytest.mark.parametrize(
    ("a", "b", "wording", "points"),
    [
        ((9, 30), (4, 30), "no difference shown", "+17 points, 95 % interval -4 to +36"),
        ((36, 121), (18, 121), "difference", "+15 points, 95 % interval +4 to +25"),
        ((18, 121), (36, 121), "difference", "-15 points, 95 % interval -25 to -4"),
        ((0, 30), (0, 30), "no difference shown", "+0 points, 95 % interval -11 to +11"),
    ],
)
def test_the_interval_decides_what_is_said(a: tuple[int, int], b: tuple[int, int], wording: str, points: str) -> None:
    found = trial(STATISTICS, outcomes(a, b))
    assert found.wording == wording
    assert f"difference {points}" in found.sentence
    is_enough = min(a[1], b[1]) >= 121
    assert ("about 121 runs per arm" in found.sentence) is not is_enough, "the answer is given until n suffices"


def test_it_is_counted_by_intention_to_treat_and_open_windows_wait() -> None:
    late = Outcome(Assignment(id="asg", given_to="run", arm="A"), reworked=True, is_closed=False)
    left_out = Outcome(Assignment(id="x", given_to="y"), reworked=False, is_closed=True)
    found = trial(STATISTICS, [*outcomes((1, 2), (0, 2)), late, left_out])
    assert (found.a.assigned, found.a.n, found.a.reworked, found.excluded) == (3, 2, 1, 1)


@pytest.mark.parametrize(("before", "after", "needed"), [(0.30, 0.15, 121), (0.30, 0.20, 294), (0.5, 0.25, 58)])
def test_the_number_of_runs_that_a_difference_needs(before: float, after: float, needed: int) -> None:
    assert runs_needed(before, after) == needed
