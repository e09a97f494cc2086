"""The eight fields in every state of a run, at 80x24 and without a key press: in words, and as a picture."""

from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from tests.app import sample
from tests.app.driving import ready, screen_text, until
from tests.app.states import STATES, cockpit_in

NEXT = {
    "draft": "Wait for a worker to begin", "ready": "Wait for a worker to begin", "running": "Wait for the coder",
    "stalled": "r  Retry build", "to_verify": "v  Send commit 4c1d0aa to the verifier, Proveo.",
    "blocked": "r  The coder command:./coder.sh does not exist.", "paused": "p  Resume the run.",
    "awaiting_qa": "a  Review the evidence (score 100) and decide.", "closing": "Wait: the factory works on docs",
    "done": "L  Land the result as a branch of your repository.", "cancelled": "e  Open the evidence package.",
    "failed": "e  Open the evidence package.",
}  # fmt: skip
PHASE = {
    "draft": "draft", "ready": "ready", "running": "build", "stalled": "stalled?", "to_verify": "to verify",
    "blocked": "blocked", "paused": "paused", "awaiting_qa": "QA gate", "closing": "closing", "done": "done",
    "cancelled": "cancelled", "failed": "failed",
}  # fmt: skip


async def _selected(pilot: Pilot[Any]) -> None:
    await ready(pilot, sample.RUN)
    app = pilot.app
    assert isinstance(app, CockpitApp)
    await until(pilot, lambda: "· CodeCraft ↔ Proveo" in screen_text(app) and "reading…" not in screen_text(app))


@pytest.mark.parametrize("name", STATES)
async def test_each_state_shows_the_eight_fields_at_80x24(name: str) -> None:
    app = cockpit_in(name)
    async with app.run_test(size=(80, 24)) as pilot:
        await _selected(pilot)
        lines = screen_text(app).splitlines()
    field = {label: next(line for line in lines if f"│ {label} " in line) for label in _LABELS}
    row = next(line for line in lines if "8t0a" in line and ("━" in line or "─" in line) and sample.GOAL[:12] in line)
    assert sample.GOAL in field["goal"]
    assert any("H backend · CodeCraft ↔ Proveo" in line for line in lines)
    assert "CodeCraft" in field["agent"] or "Proveo" in field["agent"]
    assert "Proveo" in field["verifier"]
    assert PHASE[name] in row
    assert "plan" in field["step"]
    assert " r0 · " in field["verifier"] or " r2 · " in field["verifier"]
    assert "A1 A2 A3" in field["proof"]
    assert "nothing captured yet" in field["evidence"] or "6 files in" in field["evidence"]
    assert " of $5" in field["cost"]
    assert "none" in field["blockers"] or "!" in field["blockers"]
    assert any(line.startswith(f" NEXT  {NEXT[name]}") for line in lines)


_LABELS = ("goal", "step", "agent", "verifier", "proof", "evidence", "cost", "blockers")


@pytest.mark.parametrize("name", STATES)
def test_each_state_looks_as_it_did(snap_compare: Any, name: str) -> None:
    assert snap_compare(cockpit_in(name), terminal_size=(80, 24), run_before=_selected)


async def test_times_of_the_next_action_are_local_like_all_others() -> None:
    app = cockpit_in("running")
    async with app.run_test(size=(200, 50)) as pilot:
        await _selected(pilot)
        text = screen_text(app)
    assert "since 13:41:20, until 13:56:20 at the latest" in text
    assert "UTC" not in text
