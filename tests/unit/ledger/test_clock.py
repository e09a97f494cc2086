"""Times and ids look alike, whichever clock they come from."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from adapters.clock import SystemClock
from factory.ports.clock import Clock
from tests.fakes.clock import START, FixedClock

CLOCKS = [SystemClock(), FixedClock()]


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: type(clock).__name__)
def test_a_time_is_utc_with_milliseconds(clock: Clock) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", clock.now())


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: type(clock).__name__)
def test_ids_are_a_prefix_and_a_lower_case_ulid_and_never_the_same(clock: Clock) -> None:
    ids = {clock.new_id("run") for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch(r"run_[0-9a-hjkmnp-tv-z]{26}", id) for id in ids)


def test_the_system_clock_tells_the_time() -> None:
    told = datetime.fromisoformat(SystemClock().now())
    assert abs(datetime.now(UTC) - told) < timedelta(minutes=1)


def test_the_fixed_clock_moves_when_asked() -> None:
    clock = FixedClock()
    assert [clock.now(), clock.now()] == [START, START.replace("000Z", "001Z")]
    clock.advance(60)
    assert clock.now() == "2026-01-01T12:01:00.002Z"
    still = FixedClock("2026-05-01T00:00:00.000Z", step_ms=0)
    assert still.now() == still.now() == "2026-05-01T00:00:00.000Z"
