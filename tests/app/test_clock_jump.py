"""A clock that jumps: said once, listed for a while, and no age is ever negative."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock_watch import SHOWN_S, ClockWatch, jump_sentence
from cockpit.store import Seen, Store, system_source
from factory.model.outbox import PortHealth
from tests.app import sample
from tests.app.fakes import Seconds
from tests.fakes.clock import FixedClock
from widgets.amounts import age_at, fine_age
from widgets.goal_line import silence

HOUR = 3600.0


class Watching:
    """A watch over a wall clock and a steady one, both moved by the test."""

    def __init__(self) -> None:
        self.wall, self.seconds = FixedClock(sample.NOW, step_ms=0), Seconds()
        self.store, self.said = Store(), list[str]()
        self.watch = ClockWatch(self.store, self.said.append, self.seconds, self.seconds)
        self.watch.tick(self.wall.now())

    def after(self, wall_s: float, steady_s: float) -> None:
        """One tick later."""
        self.wall.advance(wall_s)
        self.seconds.now += steady_s
        self.watch.tick(self.wall.now())


@pytest.mark.parametrize(("jump", "words"), [(HOUR, "jumped 1 h forward"), (-HOUR, "jumped 1 h back")])
def test_a_clock_that_jumps_an_hour_is_said_and_listed(jump: float, words: str) -> None:
    watching = Watching()
    watching.after(1 + jump, 1)
    assert len(watching.said) == 1
    assert words in watching.said[0]
    assert watching.store.snapshot.ages(watching.seconds.now)["clock"].state == "stale"
    assert watching.store.snapshot.sources["clock"].problem == watching.said[0]
    watching.after(1, 1)
    assert len(watching.said) == 1


def test_a_jump_is_forgotten_after_a_while() -> None:
    watching = Watching()
    watching.after(HOUR, 1)
    watching.after(SHOWN_S - 1, SHOWN_S - 1)
    assert "clock" in watching.store.snapshot.sources
    watching.after(1, 1)
    assert "clock" not in watching.store.snapshot.sources


@given(st.lists(st.floats(0.0, 1000.0), max_size=20))
def test_clocks_that_go_together_never_jump(ticks: list[float]) -> None:
    watching = Watching()
    for seconds in ticks:
        watching.after(seconds, seconds)
    assert watching.said == []
    assert watching.store.snapshot.sources == {}


def test_small_corrections_are_no_jump() -> None:
    watching = Watching()
    watching.after(4.9, 1)
    assert watching.said == []


@pytest.mark.parametrize(
    ("jump", "length"), [(90, "90 s"), (60, "1 min"), (150, "2.5 min"), (5400, "90 min"), (7200, "2 h"), (-8, "8 s")]
)
def test_the_length_of_a_jump_is_short(jump: float, length: str) -> None:
    assert f"jumped {length} " in jump_sentence(jump, sample.NOW)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_no_age_of_a_source_is_negative(at: float, now: float) -> None:
    for seen in (Seen(at, True), Seen(at, False, "gone"), Seen(at, True, is_quiet=True), Seen(at, is_idle=True)):
        assert seen.source(now).age_s >= 0


def test_what_was_written_in_the_future_is_as_old_as_now() -> None:
    later = "2026-03-02T15:02:11.000Z"
    assert system_source(PortHealth(id="x", state="up", seen_at=later), sample.NOW).age_s == 0
    assert age_at(later, sample.NOW) == "0s"
    assert fine_age(-3600) == "0.0s"
    ahead = sample.row("0e1k", "x", "running", last_event_at=later, last_progress_at=later)
    assert "-" not in silence(ahead, sample.NOW)[0]
