"""At 80x24, without a key press: trouble is named with what helps, and what nobody could read is not called nothing."""

from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.choices import Choices
from cockpit.store import Seen
from factory.errors import Unreachable
from factory.model.source import Source
from tests.app import sample
from tests.app.driving import ready, screen_text, until
from tests.app.fakes import Desk, ShelfLedger, cockpit
from tests.app.test_trouble import Trouble
from widgets.lines import text_of
from widgets.message import message_line
from widgets.sentences import brief

HELD = "The ledger /home/ana/.local/state/cockpit/ledger.db is held by another process for too long. End that process."
FULL = "The ledger /home/ana/.local/state/cockpit/ledger.db has no room to grow: the disk is full. Free some space."


async def _said(pilot: Pilot[Any]) -> str:
    await pilot.pause()
    return screen_text(pilot.app).splitlines()[-2]  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "helps"), [
    ("worker_gone", "cockpit worker start"), ("ledger_locked", "It is tried again by itself."),
    ("evidence_gone", "Bring it back."),
])  # fmt: skip
async def test_each_trouble_stays_named_with_what_helps(name: str, helps: str) -> None:
    trouble = Trouble(name)
    async with trouble.app.run_test(size=(80, 24)) as pilot:
        await trouble.happen(pilot)
        said = await _said(pilot)
    assert " stale " in said
    assert said.rstrip().endswith(helps)


@pytest.mark.parametrize(("sentence", "helps"), [(HELD, "End that process."), (FULL, "Free some space.")])
def test_a_long_sentence_keeps_what_helps_in_80_cells(sentence: str, helps: str) -> None:
    for line in (message_line("", "", {"ledger": Source("stale", 14.0)}, 80, {"ledger": sentence}),
                 message_line(sentence, "bad", {}, 80)):  # fmt: skip
        text = text_of([line])
        assert len(text) <= 80
        assert text.endswith(helps)
        assert "…/ledger.db" in text


def test_what_fits_is_left_as_it_is() -> None:
    assert brief(HELD, 200) == HELD
    assert brief("a b", 3) == "a b"
    assert brief("/home/ana/x is gone", 12) == "…/x is gone"


async def test_a_ledger_that_nobody_could_read_is_not_an_empty_one() -> None:
    desk = Desk(ledger=ShelfLedger(problem=Unreachable("The ledger is held by another process.", "End that process.")))
    app = cockpit(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "ledger" in app.store.snapshot.sources)
        text = screen_text(app)
        assert "No goals yet" not in text
        assert "0 goals" not in text
        assert "launch a goal" not in text
        assert "The ledger has not been read yet." in text
        assert "End that process." in text
        await pilot.press("9")
        await until(pilot, lambda: "Sources" in screen_text(app))
        await until(pilot, lambda: "The ledger is held by another process. End that process." in screen_text(app))
        await pilot.press("escape")
        desk.ledger.problem = None
        await app.ledger_feed.refresh()
        await until(pilot, lambda: sample.GOAL[:12] in screen_text(app))
        assert "not been read" not in screen_text(app)


async def test_a_filter_that_nothing_fits_does_not_say_that_there_are_no_goals() -> None:
    app = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        app.choices = Choices(words="nothing-is-called-this")
        await until(pilot, lambda: "No goal fits the filter; esc shows all again." in screen_text(app))
        assert "No goals yet" not in screen_text(app)


async def test_the_page_of_sources_says_in_full_what_one_line_cannot() -> None:
    app = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        app.store.saw("evidence", Seen(app.monotonic(), True, FULL))
        await pilot.press("9")
        await until(pilot, lambda: "the disk is full. Free some space." in " ".join(screen_text(app).split()))
        assert "/home/ana/.local/state/cockpit/ledger.db" in screen_text(app)
