"""What an agent had written by the moment that a replay shows."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.agents.journal import Entry, to_line
from cockpit.screens.page import Page
from factory.model.agent_event import Text
from factory.model.view import RunView
from tests.app.driving import screen_text, until
from tests.app.fakes import Seconds
from tests.app.flight_sample import at, flight, replayed, shown


async def test_what_a_working_agent_had_written_is_not_made_up() -> None:
    async with replayed().run_test(size=(200, 50)) as pilot:
        text = await at(pilot, 3)
        assert "What it had written by then is not recorded" in text
        assert "13 passed" not in text
        assert "13 passed" in await at(pilot, 4)


def _wrote(folder: Path, is_driven: bool) -> None:
    """Two words, one as the attempt began and one while it gave signs of life."""
    times = ("2026-03-02T13:41:20.000Z", "2026-03-02T13:42:30.000Z", "2026-03-02T13:43:00.000Z")
    words = ("early word", "middle word", "late word")
    (folder / "out.log").write_text("".join(f"{word}\n" for word in words))
    (folder / "growth").write_text(f"{times[0]} 11\n{times[1]} 23\n{times[2]} 33\n")
    if is_driven:
        entries = [Entry(n, at, 0, Text(word)) for n, (at, word) in enumerate(zip(times, words, strict=True), 1)]
        (folder / "events.jsonl").write_bytes(b"".join(map(to_line, entries)))


@pytest.mark.parametrize("is_driven", [False, True])
async def test_what_a_working_agent_had_written_by_then_is_shown_and_grows(tmp_path: Path, is_driven: bool) -> None:
    _wrote(tmp_path, is_driven)
    recording, seconds = flight(), Seconds()
    recording.pictures = [_in(tmp_path, view) for view in recording.pictures]
    recording.beaten = {seq: [(at, _in(tmp_path, view)) for at, view in all_] for seq, all_ in recording.beaten.items()}
    async with replayed(recording, seconds, speed=20).run_test(size=(200, 50)) as pilot:
        text = await at(pilot, 3)
        await until(pilot, lambda: "early word" in screen_text(pilot.app))  # type: ignore[arg-type]
        assert "middle word" not in text
        app = await shown(pilot)
        await pilot.press("semicolon")
        seconds.now += 4 / 20
        app.play_on()
        await until(pilot, lambda: "middle word" in screen_text(app))
        assert "late word" not in screen_text(app)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, Page) and "middle word" in screen_text(app))
        assert "late word" not in screen_text(app)
        assert "after this moment" not in screen_text(app)
        await pilot.press("full_stop")
        await until(pilot, lambda: "late word" in screen_text(app))
        await pilot.press("comma")
        await until(pilot, lambda: "middle word" not in screen_text(app) and "early word" in screen_text(app))


def _in(folder: Path, view: RunView) -> RunView:
    """The same, with attempts whose output lies there."""
    return replace(view, attempts=tuple(replace(one, folder=str(folder)) for one in view.attempts))
