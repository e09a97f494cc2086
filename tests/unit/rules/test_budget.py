"""Caps that really stop, and money as people write it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.errors import Refused, Usage
from factory.model.cost import Budget, BudgetScope
from factory.rules.budget import exhaust, format_usd, parse_usd, raise_cap, reserve, settle

CENT = 10_000
DOLLAR = 1_000_000


def budget(limit: int = DOLLAR, scope: BudgetScope = "run") -> Budget:
    return Budget(id="bud_1", run="run_1", scope=scope, subject="run_1", limit_micros=limit)


def test_a_reservation_is_held_until_it_is_settled() -> None:
    held = reserve(budget(), 30 * CENT)
    assert (held.reserved_micros, held.left_micros) == (30 * CENT, 70 * CENT)
    after = settle(held, 30 * CENT, 10 * CENT)
    assert (after.reserved_micros, after.spent_micros, after.state) == (0, 10 * CENT, "open")


def test_the_whole_cap_may_be_reserved_and_not_a_millionth_more() -> None:
    assert reserve(budget(), DOLLAR).left_micros == 0
    with pytest.raises(Refused) as caught:
        reserve(budget(), DOLLAR + 1)
    assert caught.value.code == "cap_exceeded"


def test_what_others_hold_counts_against_the_cap() -> None:
    with pytest.raises(Refused, match=r"run cap of \$1.00 leaves too little: \$0.00 spent and \$0.60 reserved, \$0.50"):
        reserve(reserve(budget(), 60 * CENT), 50 * CENT)


def test_a_refusal_says_how_to_raise_the_cap() -> None:
    with pytest.raises(Refused) as caught:
        reserve(budget(CENT, "thread"), 2 * CENT)
    assert "cockpit cap run_1 USD --scope thread --reason" in caught.value.hint


@pytest.mark.parametrize(
    ("scope", "hint"),
    [
        ("day", "Wait for the next day (UTC), or raise [budget] day_usd in config.toml, then: cockpit worker --stop"),
        ("namespace", "Raise [budget] namespace_usd in config.toml, then: cockpit worker --stop"),
    ],
)
def test_a_cap_that_runs_share_is_raised_where_it_is_configured(scope: BudgetScope, hint: str) -> None:
    with pytest.raises(Refused) as caught:
        reserve(replace(budget(CENT, scope), run=""), 2 * CENT)
    assert caught.value.hint == hint


def test_a_cap_that_is_configured_higher_since_it_was_used_up_is_open_again() -> None:
    used_up = settle(reserve(budget(), 5 * CENT), 5 * CENT, 120 * CENT)
    assert reserve(replace(used_up, limit_micros=2 * DOLLAR), 80 * CENT).state == "open"
    with pytest.raises(Refused):
        reserve(replace(used_up, limit_micros=2 * DOLLAR), 81 * CENT)


def test_four_fifths_of_the_cap_warn() -> None:
    assert settle(reserve(budget(), 50 * CENT), 50 * CENT, 80 * CENT - 1).state == "open"
    assert settle(reserve(budget(), 50 * CENT), 50 * CENT, 80 * CENT).state == "warned"


def test_an_overshoot_is_recorded_and_stops_further_calls() -> None:
    over = settle(reserve(budget(), 5 * CENT), 5 * CENT, 120 * CENT)
    assert (over.overshoot_micros, over.state, over.left_micros) == (20 * CENT, "exhausted", 0)
    with pytest.raises(Refused, match="leaves too little"):
        reserve(over, 0)


def test_an_unknown_cost_keeps_its_reservation() -> None:
    held = reserve(budget(), 30 * CENT)
    assert settle(held, 30 * CENT, None) == held


def test_a_raised_cap_opens_an_exhausted_budget_and_keeps_the_record() -> None:
    over = settle(reserve(budget(), 5 * CENT), 5 * CENT, 120 * CENT)
    raised = raise_cap(over, 2 * DOLLAR, "run")
    assert (raised.state, raised.left_micros, raised.overshoot_micros) == ("open", 80 * CENT, 20 * CENT)


def test_a_raise_that_leaves_nothing_to_spend_opens_nothing() -> None:
    over = settle(budget(), 0, 120 * CENT)
    assert raise_cap(over, 110 * CENT, "run").state == "exhausted"


def test_a_raise_that_leaves_little_opens_with_the_warning() -> None:
    over = settle(budget(), 0, 120 * CENT)
    assert raise_cap(over, 130 * CENT, "run").state == "warned"


def test_a_cap_lowered_under_what_is_spent_is_exhausted() -> None:
    assert raise_cap(settle(budget(), 0, 50 * CENT), 40 * CENT, "run").state == "exhausted"


def test_an_operator_may_raise_a_verifier_cap_to_one_dollar_exactly() -> None:
    assert raise_cap(budget(CENT, "thread"), DOLLAR, "thread").limit_micros == DOLLAR
    with pytest.raises(Refused, match=r"\$1.000001|\$1.00 needs an approved cost review") as caught:
        raise_cap(budget(CENT, "thread"), DOLLAR + 1, "thread")
    assert caught.value.code == "review_required"


def test_a_run_may_cost_more_than_a_thread() -> None:
    assert raise_cap(budget(), 50 * DOLLAR, "run").limit_micros == 50 * DOLLAR


@pytest.mark.parametrize("limit", [-1, 10_000 * DOLLAR + 1])
def test_an_impossible_cap_is_a_usage_error(limit: int) -> None:
    with pytest.raises(Usage, match="not possible"):
        raise_cap(budget(), limit, "run")


def test_exhausting_twice_is_exhausting_once() -> None:
    once = exhaust(budget())
    assert once.state == "exhausted"
    assert exhaust(once) == once


amounts = st.integers(0, 2 * DOLLAR)


@given(amounts, st.lists(st.tuples(amounts, amounts), max_size=8))
def test_no_call_begins_that_could_pass_the_cap(limit: int, calls: list[tuple[int, int]]) -> None:
    now = budget(limit)
    for need, cost in calls:
        before = now
        try:
            now = reserve(now, need)
        except Refused:
            assert before.state == "exhausted" or before.spent_micros + need > limit
            continue
        assert now.spent_micros + now.reserved_micros <= limit
        now = settle(now, need, cost)
        assert now.overshoot_micros >= now.spent_micros - limit
        assert (now.state == "exhausted") == (now.spent_micros >= limit)
    assert now.reserved_micros == 0


@given(amounts, amounts)
def test_a_refused_reservation_changes_nothing(limit: int, need: int) -> None:
    full = replace(budget(limit), spent_micros=limit)
    with pytest.raises(Refused):
        reserve(full, need + 1)
    assert full == replace(budget(limit), spent_micros=limit)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("0.25", 250_000),
        ("$2", 2 * DOLLAR),
        ("0", 0),
        (".5", 500_000),
        ("1.", DOLLAR),
        ("0.000001", 1),
        (" 1.10 ", 1_100_000),
        ("0.10", 100_000),
        ("10000", 10_000 * DOLLAR),
        ("1.0000000", DOLLAR),
    ],
)
def test_an_amount_is_read_exactly(text: str, micros: int) -> None:
    assert parse_usd(text) == micros


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NaN",
        "inf",
        "-1",
        "-0.01",
        "1e3",
        "1_000",
        "1,50",
        "10000.01",
        "0.0000001",
        "five",
        "$",
        ".",
        "0x10",
        "٣",
        "9" * 400,
    ],
)
def test_what_is_no_amount_is_a_usage_error(text: str) -> None:
    with pytest.raises(Usage) as caught:
        parse_usd(text)
    assert caught.value.exit_code == 2
    assert caught.value.hint


@pytest.mark.parametrize(
    ("micros", "basis", "shown"),
    [
        (420_000, "reported", "$0.42"),
        (420_000, "computed", "$0.42"),
        (420_000, "estimated", "≈$0.42"),
        (420_000, "unpriced", "?"),
        (0, "none", "$0.00"),
        (1_234_567_890, "reported", "$1,234.57"),
        (5_000, "reported", "$0.005"),
        (10_000, "reported", "$0.01"),
        (15_000, "reported", "$0.02"),
        (1, "reported", "$0.000001"),
        (-250_000, "reported", "-$0.25"),
    ],
)
def test_an_amount_says_how_well_it_is_known(micros: int, basis: str, shown: str) -> None:
    assert format_usd(micros, basis) == shown


@given(st.integers(0, 99_999).map(lambda cents: cents * CENT))
def test_whole_cents_survive_being_written_and_read(micros: int) -> None:
    assert parse_usd(format_usd(micros, "reported").replace(",", "")) == micros
