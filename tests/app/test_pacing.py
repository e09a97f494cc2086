"""What is wished often is done at once, then seldom, and never left out."""

import asyncio
from collections.abc import Callable

from cockpit.pacing import FLOOD, FLOOD_PACE_S, FLOOD_TURNS, PACE_S, Flood, Pace, Rest
from tests.app.driving import ready
from tests.app.fakes import cockpit


class Call:
    """A call that will come, unless it is cancelled."""

    def __init__(self, delay: float, callback: Callable[[], object]) -> None:
        self.delay, self.callback = delay, callback
        self.is_wanted = True

    def cancel(self) -> None:
        self.is_wanted = False


class Loop:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def call_later(self, delay: float, callback: Callable[[], object]) -> Call:
        self.calls.append(Call(delay, callback))
        return self.calls[-1]

    def pass_time(self) -> None:
        """Every pause that runs is over."""
        calls, self.calls = self.calls, []
        for call in calls:
            if call.is_wanted:
                call.callback()


class Paced:
    """Something that counts how often it was done."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.done = 0
        self.pace = Pace(self._do, lambda: self.loop)

    def _do(self) -> None:
        self.done += 1


def test_the_first_wish_is_done_at_once() -> None:
    paced = Paced()
    paced.pace.wish()
    assert paced.done == 1
    assert [call.delay for call in paced.loop.calls] == [PACE_S]


def test_wishes_within_the_pause_become_one_at_its_end() -> None:
    paced = Paced()
    for _ in range(100):
        paced.pace.wish()
    assert paced.done == 1
    paced.loop.pass_time()
    assert paced.done == 2


def test_nothing_waits_when_nothing_is_wished() -> None:
    paced = Paced()
    paced.pace.wish()
    paced.loop.pass_time()
    assert paced.done == 1
    assert not paced.loop.calls, "a timer runs while nothing happens"
    paced.pace.wish()
    assert paced.done == 2


def test_nothing_is_done_after_the_end() -> None:
    paced = Paced()
    paced.pace.wish()
    paced.pace.wish()
    paced.pace.stop()
    paced.loop.pass_time()
    paced.pace.wish()
    assert (paced.done, paced.loop.calls) == (1, [])


async def test_a_cockpit_that_was_left_starts_nothing() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
    before = asyncio.all_tasks()
    app.store.change(rows=())  # of a thread that was still reading
    app._paint._now()  # as the loop does when the pause is over
    assert asyncio.all_tasks() == before


def test_a_wish_from_inside_is_not_lost() -> None:
    loop = Loop()
    done: list[int] = []

    def do() -> None:
        done.append(1)
        if len(done) == 1:
            pace.wish()

    pace = Pace(do, lambda: loop)
    pace.wish()
    loop.pass_time()
    assert len(done) == 2


def rested(done: list[str]) -> tuple[Loop, Rest]:
    """A loop, and something that is done at rest."""
    loop = Loop()
    return loop, Rest(lambda: done.append("done"), lambda: loop)


def test_one_wish_after_a_quiet_time_is_done_at_once_and_once() -> None:
    done: list[str] = []
    loop, rest = rested(done)
    rest.wish()
    loop.pass_time()
    assert done == ["done"]


def test_wishes_that_come_close_together_are_done_when_they_rest() -> None:
    done: list[str] = []
    loop, rest = rested(done)
    for _ in range(10):
        rest.wish()
    assert done == ["done"]
    loop.pass_time()
    assert done == ["done", "done"]
    loop.pass_time()
    assert done == ["done", "done"]


def test_a_burst_is_shown_ten_times_a_second_and_a_flood_four_times() -> None:
    flood = Flood()
    paces = []
    for _ in range(FLOOD_TURNS + 1):
        flood.take(2 * FLOOD)
        paces.append(flood.pace_s)
    assert paces == [*[PACE_S] * (FLOOD_TURNS - 1), FLOOD_PACE_S, FLOOD_PACE_S]


def test_a_look_that_finds_little_does_not_end_a_flood_that_has_lasted() -> None:
    flood = Flood()
    for _ in range(10 * FLOOD_TURNS):
        flood.take(FLOOD)
    flood.take(0)
    assert flood.pace_s == FLOOD_PACE_S
    flood.take(0)
    assert flood.pace_s == PACE_S


def test_few_changes_are_no_flood_however_long_they_come() -> None:
    flood = Flood()
    for _ in range(100):
        flood.take(FLOOD - 1)
    assert flood.pace_s == PACE_S


def test_what_was_changed_in_a_flood_is_on_screen_within_half_a_second() -> None:
    assert FLOOD_PACE_S + 2 * PACE_S < 0.5
