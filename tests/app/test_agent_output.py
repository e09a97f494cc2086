"""The output of a driven agent: its events as rows while it works, on the page and in the pane."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.agents.journal import Entry, to_line
from cockpit.app import CockpitApp
from cockpit.screens.output_tail import OutputTail
from factory.model.agent_event import AgentEvent, FileChange, Finished, Text, Thinking, ToolCall, ToolResult
from factory.model.step import Gauge, Tokens
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.pages_driving import open_part, shows
from tests.app.pages_sample import planted

TESTS = "\n".join(f"test_{n} failed" for n in range(50))
SAID: list[AgentEvent] = [
    Thinking("The sign is wrong."),
    Text("I fix the sign."),
    ToolCall("1", "edit", "calc.py"),
    ToolResult("1", True, "updated"),
    FileChange("calc.py", "update", "--- a/calc.py\n+++ b/calc.py\n@@ -1 +1 @@\n-a - b\n+a + b"),
    ToolCall("2", "run", "pytest -q"),
    ToolResult("2", False, TESTS),
]
GAUGE = Gauge(tokens=Tokens(9000, 2100, 3400), context_used=62_000, context_size=200_000, doing="pytest -q")


def driven(home: Path, *events: AgentEvent, ended: bool = False) -> tuple[CockpitApp, Path]:
    """A cockpit whose newest attempt is a driven one at work, and its journal."""
    app = planted(home)
    ledger: Any = app.sight.ledger
    view = ledger.views[sample.RUN]
    last = replace(view.attempts[-1], gauge=GAUGE)
    last = last if ended else replace(last, state="running", ended_at="", end_reason="")
    ledger.views[sample.RUN] = replace(view, attempts=(*view.attempts[:-1], last))
    journal = Path(last.folder) / "events.jsonl"
    say(journal, *events)
    return app, journal


def say(journal: Path, *events: AgentEvent) -> None:
    with journal.open("ab") as file:
        file.write(b"".join(to_line(Entry(1, "2026-01-01T00:00:00.000Z", 0, event)) for event in events))


async def test_its_page_shows_what_it_does_and_follows_it(tmp_path: Path) -> None:
    app, journal = driven(tmp_path, *SAID)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_part(pilot, "output")
        await shows(
            pilot, "verify 2", "12.4k in, 2.1k out · context 31% of 200k", "I fix the sign.", "→ edit calc.py",
            "± changed calc.py  +1 -1", "$ pytest -q", "✕ failed  test_0 failed  50 lines",
        )  # fmt: skip
        assert "test_49" not in screen_text(app)
        say(journal, Text("Now I look ", final=False), Text("at the other file.", final=False))
        await shows(pilot, "Now I look at the other file.")
        say(journal, Text("Now I look at the other file."), Finished("stopped", "done"))
        await shows(pilot, "✓ stopped: done")
        assert screen_text(app).count("Now I look at the other file.") == 1


async def test_z_unfolds_it_and_shows_its_output_as_it_was_captured(tmp_path: Path) -> None:
    app, _ = driven(tmp_path, *SAID)
    async with app.run_test(size=(100, 40)) as pilot:
        await open_part(pilot, "output")
        await shows(pilot, "✕ failed  test_0 failed  50 lines")
        await pilot.press("z")
        await shows(pilot, "Shown: all of it.", "test_49 failed")
        await pilot.press("z")
        await shows(pilot, "0399 collected, running tests/test_split.py")
        await pilot.press("z")
        await shows(pilot, "✕ failed  test_0 failed  50 lines")
        await pilot.press("h")
        await shows(pilot, "output of att_build2", "3 of 4")
        await pilot.press("z")
        await shows(pilot, "this is all that was captured")


async def test_a_search_finds_what_is_folded_away(tmp_path: Path) -> None:
    app, _ = driven(tmp_path, *SAID)
    async with app.run_test(size=(100, 24)) as pilot:
        await open_part(pilot, "output")
        await shows(pilot, "✕ failed  test_0 failed  50 lines")
        await pilot.press("slash", *"test_33", "enter")
        await shows(pilot, "test_33: 1 of 1", "test_33 failed")


async def test_the_end_of_a_long_journal_is_read_first_and_the_rest_when_it_is_wanted(tmp_path: Path) -> None:
    app, _ = driven(tmp_path, *(Text(f"said {n} {'x' * 60}") for n in range(12_000)))
    async with app.run_test() as pilot:
        page = await open_part(pilot, "output")
        await shows(pilot, "said 11999", "pgup reads more")
        held = len(page.text.rows)
        assert held < 12_000
        await pilot.press("g")
        await until(pilot, lambda: len(page.text.rows) > held)
        await pilot.press("g")
        await shows(pilot, "said 0 x")


async def test_the_pane_shows_the_last_rows_of_the_agent_at_work(tmp_path: Path) -> None:
    app, journal = driven(tmp_path, *SAID)
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot, sample.RUN)
        await shows(pilot, "I fix the sign.", "→ edit calc.py", "✕ failed  test_0 failed  50 lines")
        say(journal, Text("A later word."))
        await shows(pilot, "A later word.")
        await pilot.press("f")
        await settled(pilot)
        say(journal, Text("Not while it is frozen."))
        for _ in range(5):
            await app.main.query_one(OutputTail)._look()
        assert "Not while it is frozen." not in screen_text(app)
        await pilot.press("f")
        await shows(pilot, "Not while it is frozen.")


async def test_an_agent_without_a_journal_is_shown_by_its_output_until_it_has_one(tmp_path: Path) -> None:
    app, journal = driven(tmp_path)
    assert journal.stat().st_size == 0
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot, sample.RUN)
        await shows(pilot, "0399 collected")
        say(journal, Text("Its first word."))
        await shows(pilot, "Its first word.")
        await pilot.press("o")
        await shows(pilot, "Output  verify 2", "Its first word.")
