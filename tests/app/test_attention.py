"""The cockpit calls for its operator: over the driver, by focus and selection, and it gives the title back."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

from textual import events
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.attention import HANDS_S, Attention, title_text
from cockpit.notices import DWELL_S
from tests.app import sample
from tests.app.driving import ready, screen_text, until
from tests.app.fakes import Desk, Seconds, ShelfLedger, cockpit

XTERM = {"TERM": "foot"}
BUSY = sample.ROWS[0]


class Called:
    """A cockpit of which everything that goes to the terminal beside pictures is kept."""

    def __init__(self, **more: Any) -> None:
        self.desk, self.seconds = Desk(ledger=ShelfLedger()), Seconds()
        self.written: list[str] = []
        self.app: CockpitApp = cockpit(self.desk, seconds=self.seconds)
        self.app.attention = Attention(self.app, "auto", self.written.append, XTERM, **more)

    def open(self) -> AbstractAsyncContextManager[Pilot[Any]]:
        """Run it."""
        return self.app.run_test()

    @property
    def notices(self) -> list[str]:
        """The notifications so far."""
        return [text for text in self.written if ";notify;" in text]

    async def need(self, pilot: Pilot[Any], row: Any = BUSY) -> None:
        """Let a goal need a person, and let the cockpit see it for long enough."""
        self.desk.ledger.change(replace(row, state="awaiting_qa", needs_person=True), "gate.open")
        self.app.look_now()
        await until(pilot, lambda: (found := self.app.store.snapshot.row(row.id)) and found.needs_person)
        self.app.attention.tick()
        self.seconds.now += DWELL_S
        self.app.attention.tick()


async def test_a_goal_that_begins_to_need_a_person_is_told_once() -> None:
    called = Called()
    async with called.open() as pilot:
        await ready(pilot, sample.RUN)
        called.app.attention.tick()
        await called.need(pilot)
        called.app.attention.tick()
    assert len(called.notices) == 1
    assert BUSY.id[-4:] in called.notices[0]


async def test_the_selected_goal_of_a_watched_terminal_is_not_told() -> None:
    called = Called()
    async with called.open() as pilot:
        await ready(pilot, BUSY.id)
        called.app.attention.tick()
        await called.need(pilot)
    assert called.notices == []


async def test_the_selected_goal_of_a_terminal_without_the_focus_is_told() -> None:
    called = Called()
    async with called.open() as pilot:
        await ready(pilot, BUSY.id)
        called.app.attention.tick()
        called.app.post_message(events.AppBlur())
        await until(pilot, lambda: not called.app.app_focus)
        await called.need(pilot)
    assert len(called.notices) == 1


async def test_a_terminal_that_never_tells_its_focus_counts_as_left_some_time_after_the_last_key() -> None:
    called = Called()
    async with called.open() as pilot:
        await ready(pilot, BUSY.id)
        called.app.attention.tick()
        called.seconds.now += HANDS_S
        await called.need(pilot)
    assert len(called.notices) == 1


async def test_the_title_says_how_many_need_me_and_is_given_back() -> None:
    called = Called()
    async with called.open() as pilot:
        await ready(pilot)
        assert called.written[0] == "\x1b[22;2t"
        assert "\x1b]2;cockpit ◆2 · 5 goals\x1b\\" in called.written
        await called.need(pilot)
        assert "\x1b]2;cockpit ◆3 · 5 goals\x1b\\" in called.written
    assert called.written[-1] == "\x1b]2;\x1b\\\x1b[23;2t"


async def test_the_same_title_is_written_once() -> None:
    called = Called()
    async with called.open() as pilot:
        await ready(pilot, sample.RUN)
        await ready(pilot, BUSY.id)
    titles = [text for text in called.written if text.startswith("\x1b]2;cockpit")]
    assert len(titles) == len(set(titles))


async def test_an_ascii_terminal_gets_an_ascii_title() -> None:
    called = Called(ascii_only=True)
    async with called.open() as pilot:
        await ready(pilot)
    assert all(text.isascii() for text in called.written)


def test_a_title_says_nothing_of_what_nobody_waits_for() -> None:
    assert title_text(0, 1) == "cockpit · 1 goal"


async def test_w_goes_from_wait_to_wait_the_costliest_first() -> None:
    called = Called()
    async with called.open() as pilot:
        await ready(pilot)
        visited = []
        for _ in range(3):
            await pilot.press("w")
            visited.append(called.app.store.snapshot.wanted[-4:])
    # The crawler has waited 9 minutes with money in flight, the other one 6 minutes.
    assert visited == ["7c4m", "8t0a", "7c4m"]


async def test_w_leaves_muted_goals_out() -> None:
    called = Called()
    async with called.open() as pilot:
        for row in sample.ROWS[1:3]:
            await ready(pilot, row.id)
            await pilot.press("m")
        await pilot.press("w")
        assert "Nothing needs you." in screen_text(called.app)
