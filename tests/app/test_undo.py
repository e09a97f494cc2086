"""`u` undoes what can be undone, by its label; what cannot says why, and the next press goes on to the one before."""

from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.screens.batch import Batch
from cockpit.screens.confirm import Confirm
from factory.errors import Refused
from factory.model.outbox import OutboxItem
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import Desk, NotedOperations, ShelfLedger, cockpit

RUNNING, WAITING, STALLED, PAUSED, DONE = (row.id for row in sample.ROWS)


async def answered(pilot: Pilot[Any], app: CockpitApp, key: str, answer: str) -> None:
    """Press a key that asks, and answer when the question is there: what is typed before is no answer."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, Confirm | Batch))
    await pilot.press(answer)


@pytest.mark.parametrize(
    ("keys", "label", "does"),
    [("x", "mark 0e1k", "marked"), ("m", "mute 0e1k", "muted"), ("W", "filter", "words"), ("S", "sort", "order")],
)
async def test_what_is_chosen_is_put_back_without_a_question(keys: str, label: str, does: str) -> None:
    app = cockpit()
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot, RUNNING)
        before = app.choices
        await pilot.press(keys)
        assert getattr(app.choices, does) != getattr(before, does)
        assert label in app.deeds[-1].label
        await pilot.pause()
        assert f"undo {app.deeds[-1].label}" in screen_text(app), "the footer names it"
        await pilot.press("u")
        await settled(pilot)
        assert app.choices == before
        assert not app.deeds, "an undo is no deed"


@pytest.mark.parametrize(("run", "first", "back"), [(RUNNING, "pause", "resume"), (PAUSED, "resume", "pause")])
async def test_a_pause_and_a_resume_are_undone_after_a_question(run: str, first: str, back: str) -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, run)
        await answered(pilot, app, "p", "y")
        await settled(pilot)
        assert app.deeds[-1].label == f"{first} of {run[-4:]}"
        await answered(pilot, app, "u", "n")
        await settled(pilot)
        assert operations.asked == [(first, run)], "a no undoes nothing, and it can be undone later"
        await answered(pilot, app, "u", "y")
        await settled(pilot)
    assert operations.asked == [(first, run), (back, run)]


async def test_a_cap_is_put_back_with_a_reason_that_says_so() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("plus", *"7.50", "enter", *"more tests", "enter")
        await settled(pilot)
        assert app.deeds[-1].label == "cap of 0e1k, back to $5"
        await answered(pilot, app, "u", "y")
        await settled(pilot)
    assert operations.done("cap")[1] == (RUNNING, 5_000_000, "undo: back from $7.50 to $5", "run")


async def test_a_batch_of_pauses_is_undone_as_a_batch() -> None:
    shelf = {row.id: row for row in (sample.row(f"{n:04d}", f"goal {n}", "running") for n in range(2))}
    ledger = ShelfLedger(shelf=shelf)
    operations = NotedOperations()
    app = cockpit(Desk(ledger=ledger), operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        app.choose("", marked=frozenset(shelf))
        await answered(pilot, app, "p", "y")
        await settled(pilot)
        assert app.deeds[-1].label == "pause of 2 goals"
        for row in shelf.values():
            ledger.change(replace(row, state="paused"), "run.pause")
        app.look_now()
        await until(pilot, lambda: all(row.state == "paused" for row in app.store.snapshot.rows))
        await answered(pilot, app, "u", "y")
        await settled(pilot)
    assert [name for name, *_ in operations.asked] == ["pause", "pause", "resume", "resume"]


async def test_what_cannot_be_undone_says_why_and_gives_way_to_the_one_before() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, STALLED)
        await pilot.press("x", "escape")
        await answered(pilot, app, "r", "y")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        assert "The retry of 7c4m cannot be undone." in app.said.text
        await pilot.press("u", "u")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        assert app.said.text == "Nothing to undo: nothing was done on this screen yet."
    assert operations.asked == [("retry", STALLED)]


async def test_landing_asks_and_says_which_branch_it_made() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test(size=(120, 30)) as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("L")
        await settled(pilot)
        assert "Only an approved result can land: 0e1k is running." in app.said.text
        await ready(pilot, DONE)
        await pilot.press("L")
        await until(pilot, lambda: "No checkout, no push." in screen_text(app))
        await pilot.press("n")
        await settled(pilot)
        assert operations.asked == []
        await answered(pilot, app, "L", "y")
        await settled(pilot)
        assert app.said.text == "Landed 9f2c1ab as branch cockpit/8t0a"
        await pilot.press("u")
        await settled(pilot)
        assert "git branch -D" in app.said.text
    assert operations.asked == [("land", DONE)]


async def test_a_dead_write_is_queued_again_by_its_key() -> None:
    dead = OutboxItem(
        id="out_9", run=sample.RUN, target="mission", op="page", dedupe_key="k", state="dead", tries=5,
        last_error="no such [task]",
    )  # fmt: skip
    operations = NotedOperations()
    views = {sample.RUN: replace(sample.VIEW, outbox=(*sample.VIEW.outbox, dead))}
    app = cockpit(Desk(ledger=ShelfLedger(views=views)), operations)
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("Q")
        await settled(pilot)
        assert "Nothing to requeue" in app.said.text
        await ready(pilot, sample.RUN)
        await until(pilot, lambda: "Q requeue" in screen_text(app))  # the pane of blockers names the key
        await answered(pilot, app, "Q", "n")
        await settled(pilot)
        assert operations.asked == []
        await answered(pilot, app, "Q", "y")
        await settled(pilot)
        operations.refuse = Refused("It is queued already.", "Wait for the worker.", "conflict")
        await answered(pilot, app, "Q", "y")
        await settled(pilot)
        assert app.said.text == "It is queued already. Wait for the worker."
    assert operations.asked == [("requeue", "out_9")]
