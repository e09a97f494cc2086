"""An error of ours in a handler, a timer, a worker, a feed or a pane is logged and said; the operator stays."""

import logging
from pathlib import Path
from typing import Any

import pytest

from cockpit.log import FILE, logging_to
from cockpit.screens.main import MainScreen
from cockpit.trouble import QUIET_S, Trouble, cause_of, sentence_of
from tests.app.driving import ready, screen_text, until
from tests.app.fakes import Desk, Seconds, cockpit
from widgets.pane import Pane

BUG = "a bug of ours"


class Bug(Exception):
    """An error that nobody expected."""


def fail(*_: Any, **__: Any) -> Any:
    """What a broken function does."""
    raise Bug(BUG)


def fail_once(monkeypatch: pytest.MonkeyPatch, thing: Any, name: str) -> list[int]:
    """Let a method raise the next time it is called; the list grows with every call."""
    calls: list[int] = []
    right = getattr(thing, name)

    def method(*arguments: Any, **named: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise Bug(BUG)
        return right(*arguments, **named)

    monkeypatch.setattr(thing, name, method)
    return calls


async def said_bug(pilot: Any) -> None:
    """Wait until the bug is on the message line."""
    await until(pilot, lambda: BUG in pilot.app.said.text)
    assert FILE in pilot.app.said.text
    assert pilot.app.said.tone == "bad"


async def still_works(pilot: Any) -> None:
    """Keys, pages and the list answer as ever."""
    app = pilot.app
    before = app.store.snapshot.wanted
    await pilot.press("j")
    await until(pilot, lambda: app.store.snapshot.wanted != before)
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(app.screen, MainScreen))
    await pilot.press("escape")
    await until(pilot, lambda: isinstance(app.screen, MainScreen))
    assert app.is_running
    assert app.return_code in (None, 0)


async def test_a_key_whose_action_fails_is_said_and_the_next_key_works(monkeypatch: pytest.MonkeyPatch) -> None:
    async with cockpit(survives=True).run_test() as pilot:
        await ready(pilot)
        monkeypatch.setattr(MainScreen, "action_next_waiting", fail)
        await pilot.press("w")
        await said_bug(pilot)
        await still_works(pilot)


async def test_a_timer_that_fails_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async with cockpit(survives=True).run_test() as pilot:
        await ready(pilot)
        calls = fail_once(monkeypatch, pilot.app.attention, "tick")  # type: ignore[attr-defined]
        await said_bug(pilot)
        await until(pilot, lambda: len(calls) > 1)
        await still_works(pilot)


async def test_a_worker_of_a_screen_that_fails_is_said() -> None:
    async with cockpit(survives=True).run_test() as pilot:
        await ready(pilot)

        async def work() -> None:
            raise Bug(BUG)

        pilot.app.run_worker(work())
        await said_bug(pilot)
        await still_works(pilot)


@pytest.mark.parametrize("name", ["ledger", "worker"])
async def test_a_feed_that_fails_keeps_its_values_and_is_started_again(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cockpit.resilient.AGAIN_S", 0.0)
    desk = Desk()
    app = cockpit(desk, survives=True)
    async with app.run_test() as pilot:
        await ready(pilot)
        await until(pilot, lambda: name in app.store.snapshot.sources)
        rows = app.store.snapshot.rows
        feed = app.ledger_feed if name == "ledger" else app._worker_feed
        states: list[str] = []
        app.store.subscribe(lambda snapshot: states.append(snapshot.sources[name].problem))
        calls = fail_once(monkeypatch, feed, "refresh")
        await said_bug(pilot)
        assert app.store.snapshot.rows == rows
        assert any(BUG in state for state in states)
        await until(pilot, lambda: len(calls) > 1 and not app.store.snapshot.sources[name].problem)
        await still_works(pilot)


async def test_a_pane_that_cannot_be_formatted_says_so_and_the_others_are_drawn() -> None:
    async with cockpit(survives=True).run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        panes = [pane for pane in pilot.app.screen.query(Pane) if pane._draw_lines and pane.size.height]
        assert len(panes) > 3
        for pane in panes:
            pilot.app._trouble._noted.clear()  # type: ignore[attr-defined]
            pilot.app.say("", "")  # type: ignore[attr-defined]
            pane.show(fail)
            await said_bug(pilot)
            await pilot.pause()
        assert "cannot be drawn (Bug" in screen_text(pilot.app)  # type: ignore[arg-type]
        pilot.app.store.change(live=pilot.app.store.snapshot.live[:-1])  # type: ignore[attr-defined]
        await still_works(pilot)


async def test_a_pane_whose_lines_cannot_be_drawn_stays_empty_and_the_others_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with cockpit(survives=True).run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        for pane in list(pilot.app.screen.query(Pane)):
            if not pane.display or not pane.size.height:
                continue
            pilot.app._trouble._noted.clear()  # type: ignore[attr-defined]
            with monkeypatch.context() as patch:
                patch.setattr(pane, "render_line", fail)
                pane._framed.clear()
                pane.refresh()
                await said_bug(pilot)
            pane.refresh()
        await still_works(pilot)


async def test_a_screen_that_fails_to_draw_a_picture_draws_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    app = cockpit(survives=True)
    async with app.run_test() as pilot:
        await ready(pilot)
        with monkeypatch.context() as patch:
            patch.setattr(MainScreen, "show_selected", fail)
            app.store.change(live=app.store.snapshot.live[:-1])
            await said_bug(pilot)
        await still_works(pilot)


async def test_the_traceback_is_in_the_log(tmp_path: Path) -> None:
    with logging_to(tmp_path):
        async with cockpit(survives=True).run_test() as pilot:
            await ready(pilot)
            pilot.app.call_later(fail)
            await said_bug(pilot)
    log = (tmp_path / FILE).read_text()
    assert "Traceback" in log
    assert f"Bug: {BUG}" in log


async def test_without_an_operator_a_bug_ends_the_app_with_its_traceback() -> None:
    with pytest.raises(Bug):
        await _fail_in_a_strict_app()


async def _fail_in_a_strict_app() -> None:
    async with cockpit().run_test() as pilot:
        await ready(pilot)
        pilot.app.call_later(fail)
        await pilot.pause()
        await pilot.pause()


def test_the_same_error_again_and_again_is_noted_once(caplog: pytest.LogCaptureFixture) -> None:
    said: list[str] = []
    seconds = Seconds()
    trouble = Trouble(said.append, seconds)
    with caplog.at_level(logging.ERROR):
        for _ in range(50):
            trouble.note(Bug(BUG))
        seconds.now += QUIET_S
        trouble.note(Bug(BUG))
    assert len(said) == len(caplog.records) == 2


def test_a_message_line_that_is_broken_itself_ends_nothing() -> None:
    trouble = Trouble(lambda text: trouble.note(ValueError(text)), Seconds())
    trouble.note(Bug(BUG))


def test_the_sentence_names_what_went_wrong_first() -> None:
    group = ExceptionGroup("tasks", [ExceptionGroup("inner", [Bug(BUG)])])
    assert sentence_of(cause_of(group)).startswith(f"Something in the cockpit broke (Bug: {BUG})")
