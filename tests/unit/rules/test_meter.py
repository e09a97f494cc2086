"""The meter and the fuse: what counts, when it warns, when it stops, and that unknown is never nothing."""

from hypothesis import given
from hypothesis import strategies as st

from factory.model.agent_event import Calling, Finished, Usage
from factory.model.step import Tokens
from factory.rules.meter import Meter, level

CENTS = 10_000


def price(model: str, tokens: Tokens) -> int | None:
    """One micro-dollar a token; nobody knows what `mystery` costs."""
    return None if model == "mystery" else tokens.input + tokens.output


def call(cents: int, model: str = "m", micros: int | None = None) -> Usage:
    return Usage(Tokens(input=cents * CENTS), model, micros)


amounts = st.integers(0, 1_000_000)
usages = st.builds(
    Usage, st.builds(Tokens, input=amounts, output=amounts), st.sampled_from(["m", "mystery"]), st.none() | amounts
)


@given(st.lists(usages))
def test_the_sums_are_those_of_the_calls(calls: list[Usage]) -> None:
    meter = Meter()
    for one in calls:
        meter = meter.after(one, price)
    reported = [one.micros for one in calls if one.micros is not None]
    assert meter.tokens.input == sum(one.tokens.input for one in calls)
    assert meter.priced == sum(price(one.model, one.tokens) or 0 for one in calls)
    assert meter.reported == (sum(reported) if reported else None)
    assert meter.spent >= meter.priced
    assert meter.spent >= (meter.reported or 0)


def test_what_is_not_priced_is_not_zero_and_says_so() -> None:
    meter = Meter().after(call(10, "mystery"), price)
    assert (meter.priced, meter.basis, meter.unpriced) == (0, "unpriced", Tokens(input=100_000))


def test_a_call_under_way_is_in_flight_until_it_is_counted() -> None:
    meter = Meter().during(Calling(Tokens(input=500), "m"), price)
    assert (meter.spent, meter.in_flight) == (0, 500)
    assert meter.after(Usage(Tokens(input=500, output=100), "m"), price).in_flight == 0


def test_the_fuse_stops_before_the_call_that_would_pass_the_cap() -> None:
    meter = Meter().after(call(10), price)
    assert level(meter, 25 * CENTS, is_before_a_call=True) == "warn", "20 of 25 cents after the next one"
    meter = meter.after(call(10), price)
    assert level(meter, 25 * CENTS) == "warn", "20 of 25 cents are 80 %"
    assert level(meter, 25 * CENTS, is_before_a_call=True) == "stop", "the next one would be the 30th cent"


def test_without_a_limit_nothing_stops() -> None:
    assert level(Meter(priced=10**9), 0, is_before_a_call=True) == "go"


def test_a_resumed_session_that_cannot_pay_its_next_call_does_not_begin() -> None:
    assert level(Meter(last_call=10 * CENTS), 5 * CENTS, is_before_a_call=True) == "stop"


@given(st.integers(1, 10**9), amounts, amounts, amounts, st.booleans())
def test_whoever_has_spent_the_limit_stops(limit: int, priced: int, flying: int, last: int, before: bool) -> None:
    meter = Meter(priced=priced, in_flight=flying, last_call=last)
    found = level(meter, limit, before)
    assert (found == "stop") or (priced < limit and priced + flying <= limit)
    assert not (found == "go" and priced * 100 >= limit * 80)


def test_the_agents_own_totals_are_the_last_word() -> None:
    meter = Meter().after(call(10), price)
    ended = meter.at_end(Finished("stopped", tokens=Tokens(input=120_000), micros=121_000, model="m"), price)
    assert (ended.tokens.input, ended.reported, ended.priced, ended.basis) == (120_000, 121_000, 120_000, "reported")


def test_a_total_at_the_end_is_not_the_last_call() -> None:
    meter = Meter().after(Usage(Tokens(100)), lambda _, tokens: tokens.input * CENTS)
    at_end = meter.after(Usage(Tokens(), micros=700 * CENTS, is_sum=True), lambda _, tokens: 0)
    assert (at_end.last_call, at_end.calls, at_end.reported) == (100 * CENTS, 1, 700 * CENTS)


def test_the_size_of_the_context_is_the_agents_word_before_the_lists() -> None:
    listed = Meter().after(Usage(Tokens(10), "m", context_used=10), price, lambda _: 1000)
    assert (listed.gauge().context_size, listed.gauge().is_listed_size) == (1000, True)
    beside = listed.after(Usage(Tokens(5), "of a subagent"), price, lambda _: 7)
    assert beside.gauge().context_size == 1000, "a subagent has a context of its own"
    told = listed.after(Usage(Tokens(10), "m", context_used=20, context_size=200), price, lambda _: 1000)
    assert (told.gauge().context_size, told.gauge().is_listed_size) == (200, False)
    assert Meter().after(Usage(Tokens(10), "m", context_used=10), price).gauge().context_size == 0
