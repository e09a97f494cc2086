"""The card of an agent's request: opening it answers nothing, and one key that was meant for it answers once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.screens.ask import Ask
from cockpit.screens.permission import PermissionCard, Sure
from factory.errors import Refused
from factory.model.permission import Permission
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import Desk, NotedOperations, Seconds, cockpit
from tests.app.permission_sample import HIGH, HOSTILE, ROW, RUN, asked, desk, view
from widgets.needs import need_of


@dataclass
class Opened:
    """A cockpit with the card open on it."""

    app: CockpitApp
    pilot: Pilot[Any]
    seconds: Seconds
    desk: Desk
    operations: NotedOperations

    async def press(self, *keys: str) -> None:
        """Press keys, the first one half a second after what was before."""
        self.seconds.now += 0.5
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def become(self, kind: type) -> None:
        """Wait for a screen."""
        await until(self.pilot, lambda: isinstance(self.app.screen, kind))
        await until(self.pilot, lambda: getattr(self.app.screen, "_shown_at", 0) <= self.seconds.now)

    @property
    def text(self) -> str:
        """What is on screen."""
        return screen_text(self.app)

    def learn(self, *asks: Permission, **changes: Any) -> None:
        """Let the ledger say something else."""
        self.desk.ledger.views[RUN] = view(*asks)
        self.desk.ledger.change(replace(ROW, **changes), "permission.allow")
        self.app.look_now()


@asynccontextmanager
async def card(*asks: Permission, **more: Any) -> AsyncIterator[Opened]:
    """The card, drawn, not yet armed."""
    shelf, seconds, operations = desk(*(asks or (asked(),))), Seconds(), NotedOperations(**more)
    app = cockpit(shelf, operations, seconds)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, RUN)
        await pilot.press("P")
        await until(pilot, lambda: _is_armed(app))
        yield Opened(app, pilot, seconds, shelf, operations)


def _is_armed(app: CockpitApp) -> bool:
    return isinstance(app.screen, PermissionCard) and app.screen._guard.shown_at <= 1e9


@pytest.mark.parametrize(("key", "always"), [("o", False), ("r", True)])
async def test_one_key_allows_the_oldest_request_once(key: str, always: bool) -> None:
    async with card(asked(2), asked(3)) as opened:
        await opened.press(key)
        await settled(opened.pilot)
        assert not isinstance(opened.app.screen, PermissionCard)
    assert opened.operations.asked == [("allow", "prm_2", always)]


async def test_a_refusal_takes_words() -> None:
    async with card() as opened:
        await opened.press("n")
        await opened.become(Ask)
        await opened.press("enter")
        assert "There is no reason yet." in opened.text
        await opened.press(*"use make", "enter")
        await settled(opened.pilot)
    assert opened.operations.asked == [("deny", "prm_2", "use make")]


@pytest.mark.parametrize(
    "keys", [("escape",), ("enter",), ("y",), ("a",), ("P",), ("space", "j", "k"), ("n", "escape")]
)
async def test_nothing_else_answers(keys: tuple[str, ...]) -> None:
    async with card() as opened:
        for key in keys:
            await opened.press(key)
    assert opened.operations.asked == []


async def test_esc_leaves_it_open() -> None:
    async with card() as opened:
        await opened.press("escape")
        assert not isinstance(opened.app.screen, PermissionCard)


async def test_input_of_the_first_400_ms_is_dropped() -> None:
    async with card() as opened:
        opened.seconds.now += 0.399
        await opened.pilot.press("o", "r", "n", "escape")
        await settled(opened.pilot)
        assert isinstance(opened.app.screen, PermissionCard)
    assert opened.operations.asked == []


async def test_a_key_that_waited_in_a_queue_counts_from_when_it_was_pressed() -> None:
    async with card() as opened:
        early = events.Key("o", "o")
        early.time = opened.seconds.now + 0.1
        opened.seconds.now += 5
        opened.app.screen.post_message(early)
        await opened.pilot.pause()
        await settled(opened.pilot)
    assert opened.operations.asked == []


async def test_type_ahead_is_no_answer() -> None:
    operations, seconds = NotedOperations(), Seconds()
    app = cockpit(desk(asked()), operations, seconds)
    async with app.run_test() as pilot:
        await ready(pilot, RUN)
        await pilot.press("P", "o", "r")
        await until(pilot, lambda: _is_armed(app))
        seconds.now += 5
        await pilot.pause()
        assert isinstance(app.screen, PermissionCard)
    assert operations.asked == []


async def test_pasted_text_is_dropped() -> None:
    async with card() as opened:
        opened.seconds.now += 1
        opened.app.post_message(events.Paste("o"))
        await opened.pilot.pause()
        assert "Pasted text is dropped" in opened.text
    assert opened.operations.asked == []


@pytest.mark.parametrize("keys", [("o", "o"), ("o", "r"), ("r", "o", "n")])
async def test_a_second_press_answers_nothing_more(keys: tuple[str, ...]) -> None:
    async with card() as opened:
        await opened.press(*keys)
        await settled(opened.pilot)
    assert len([one for one in opened.operations.asked if one[0] in ("allow", "deny")]) == 1


async def test_a_high_risk_asks_once_more_and_the_default_is_no() -> None:
    async with card(HIGH) as opened:
        await opened.press("o")
        await opened.become(Sure)
        await opened.press("enter")
        assert isinstance(opened.app.screen, PermissionCard)
        assert opened.operations.asked == []
        await opened.press("o")
        await opened.become(Sure)
        await opened.press("y")
        await settled(opened.pilot)
    assert opened.operations.asked == [("allow", "prm_2", False)]


async def test_a_yes_within_400_ms_of_the_second_question_is_dropped() -> None:
    async with card(HIGH) as opened:
        await opened.press("o", "y", "y")
        await opened.become(Sure)
        await opened.pilot.press("y", "tab", "enter")
        await opened.pilot.pause()
        assert isinstance(opened.app.screen, Sure)
    assert opened.operations.asked == []


async def test_a_refusal_of_the_ledger_is_said_and_nothing_changes() -> None:
    said = Refused("operator:ana allowed this at 14:01:30.", "Nothing changed.", code="already_decided")
    async with card(refuse=said) as opened:
        await opened.press("o")
        await settled(opened.pilot)
        assert "operator:ana allowed this" in opened.text
        opened.operations.refuse = None
        await opened.press("r")
        await settled(opened.pilot)
        assert isinstance(opened.app.screen, PermissionCard)
    assert opened.operations.asked == []


@pytest.mark.parametrize(
    ("changes", "run", "words"),
    [
        (
            {"state": "allowed", "by": "operator:ana", "answered_at": "2026-03-02T14:02:00.000Z"},
            {},
            "operator:ana allowed",
        ),
        ({"state": "void", "words": "its agent waits no more"}, {}, "its agent waits no more"),
        ({}, {"state": "cancelled", "asks": 0}, "is cancelled now"),
    ],
)
async def test_what_happened_meanwhile_closes_the_card(changes: Any, run: Any, words: str) -> None:
    async with card() as opened:
        opened.learn(asked(**changes), **run)
        await until(opened.pilot, lambda: words in opened.text)
        await opened.press("o")
        await settled(opened.pilot)
    assert opened.operations.asked == []


async def test_where_nobody_asks_the_key_says_so() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press("P")
        await pilot.pause()
        assert "no agent of 8t0a asks for anything" in app.said.text


async def test_the_list_and_the_footer_say_that_the_agent_asks() -> None:
    app = cockpit(desk(asked()))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, RUN)
        text = screen_text(app)
    assert "asks you" in text
    assert need_of(ROW).key == "P"
    assert "P answer" in text.splitlines()[-1]


async def test_nothing_of_a_hostile_request_is_obeyed() -> None:
    async with card(HOSTILE) as opened:
        text = opened.text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold red]ok[/]" in text
