"""Marks and the card of a batch: everything is listed, nothing is decided, Cancel is the default."""

from typing import Any, get_args

import pytest

from cockpit.keymap import KEYS
from cockpit.screens.batch import Batch, BatchTold
from cockpit.screens.batches import WORDS, BatchVerb
from factory.errors import Refused
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import Desk, NotedOperations, ShelfLedger, cockpit

RUNNING, WAITING, STALLED, PAUSED, DONE = (row.id for row in sample.ROWS)


def test_a_batch_never_approves_or_rejects() -> None:
    assert set(get_args(BatchVerb)) == set(WORDS) == {"verify", "retry", "pause", "resume", "cancel"}
    actions = {key.action for key in KEYS if key.where == "batch"}
    assert actions == {"move(1)", "move(-1)", "yes", "no"}


async def test_a_with_marks_opens_the_card_of_one_goal_only() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press("x", "j", "x", "k", "a")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        assert not isinstance(app.screen, Batch)
    assert operations.done("review") == [(sample.RUN,)]


async def test_the_card_lists_every_marked_goal_and_why_some_are_left_out() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("x", "j", "x", "j", "x", "r")
        await until(pilot, lambda: isinstance(app.screen, Batch))
        await pilot.pause()
        shown = screen_text(app)
        assert "Retry 1 of 3 marked goals?" in shown
        assert all(run[-4:] in shown for run in (RUNNING, WAITING, STALLED))
        assert shown.count("left out:") == 2


@pytest.mark.parametrize("answer", ["enter", "escape", "n"])
async def test_only_a_yes_does_a_batch(answer: str) -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("x", "G", "k", "x", "X")
        await until(pilot, lambda: isinstance(app.screen, Batch))
        await pilot.press(answer)
        await settled(pilot)
        assert len(app.screen_stack) == 1
        assert operations.asked == []
        assert app.choices.marked == {RUNNING, PAUSED}
        await pilot.press("X", "y")
        await settled(pilot)
        assert "Stop: 2 done" in screen_text(app)
    assert operations.asked == [("cancel", RUNNING), ("cancel", PAUSED)]
    assert app.choices.marked == frozenset()


async def test_a_long_batch_is_done_only_after_its_end_was_on_screen() -> None:
    shelf = {row.id: row for row in (sample.row(f"{n:04d}", f"goal {n}", "running") for n in range(60))}
    operations = NotedOperations()
    app = cockpit(Desk(ledger=ShelfLedger(shelf=shelf)), operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        app.choose("", marked=frozenset(shelf))
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, Batch))
        await pilot.press("y")
        await pilot.pause()
        assert isinstance(app.screen, Batch), "the yes counted before the end was seen"
        assert "more below" in screen_text(app)
        for _ in range(8):
            await pilot.press("y")
            await pilot.pause()
        await settled(pilot)
    assert sorted(run for (run,) in operations.done("pause")) == sorted(shelf)


async def test_what_is_refused_is_told_and_stays_marked() -> None:
    operations = NotedOperations()

    def refuse(name: str) -> None:
        if name == "pause" and len(operations.asked) == 1:
            raise Refused("Somebody was faster.", "", "conflict")

    operations.before = refuse
    shelf = {row.id: row for row in (sample.row(f"{n:04d}", f"goal {n}", "running") for n in range(3))}
    app = cockpit(Desk(ledger=ShelfLedger(shelf=shelf)), operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        app.choose("", marked=frozenset(shelf))
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, Batch))
        await pilot.press("y")
        await settled(pilot)
        await until(pilot, lambda: isinstance(app.screen, BatchTold))
        shown = screen_text(app)
        assert "Pause: 1 done, 2 refused" in shown
        assert shown.count("refused: Somebody was faster.") == 2, "each goal with what came of it"
        assert len(app.choices.marked) == 2
        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)


async def test_a_mark_that_the_filter_hides_is_still_on_the_card() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("x", "slash", *"crawler", "enter", "p")
        await until(pilot, lambda: isinstance(app.screen, Batch))
        await pilot.pause()
        assert RUNNING[-4:] in screen_text(app)


async def test_verbs_of_a_page_are_for_the_goal_of_the_page() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("x")
        await ready(pilot, STALLED)
        await pilot.press("enter")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press("r", "y")
        await settled(pilot)
    assert operations.asked == [("retry", STALLED)]


@pytest.mark.parametrize(
    ("key", "verb", "states", "takes_part"),
    [
        ("v", "verify", {"step_kind": "verify", "step_state": "ready"}, True),
        ("v", "verify", {"step_kind": "build", "step_state": "running"}, False),
        ("r", "retry", {"step_state": "stalled"}, True),
        ("p", "pause", {"state": "blocked"}, True),
        ("p", "resume", {"state": "paused"}, True),
        ("X", "cancel", {"state": "awaiting_qa"}, True),
    ],
)
async def test_every_verb_of_a_batch_is_done_to_those_it_can_be_done_to(
    key: str, verb: str, states: dict[str, str], takes_part: bool
) -> None:
    fields: dict[str, Any] = {"state": "running", **states}
    rows = [sample.row(f"{n:04d}", f"goal {n}", **fields) for n in range(2)]
    if takes_part and verb != "resume":
        rows.append(sample.row("9999", "over long ago", "done"))
    operations = NotedOperations()
    app = cockpit(Desk(ledger=ShelfLedger(shelf={row.id: row for row in rows})), operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        app.choose("", marked=frozenset(row.id for row in rows))
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, Batch))
        await pilot.pause()
        assert all(row.goal in screen_text(app) for row in rows)
        await pilot.press("y")
        if not takes_part:
            assert "It does nothing for any of them." in screen_text(app)
            await pilot.press("escape")
        await settled(pilot)
        if takes_part and verb != "resume":
            assert ": 2 done, 1 left out" in app.said.text
    assert operations.asked == ([(verb, row.id) for row in rows[:2]] if takes_part else [])


async def test_a_batch_for_the_verifier_lists_what_is_sent_and_what_is_not_ready() -> None:
    rows = (
        sample.row("0001", "Delivered", "running", step_kind="verify", step_state="ready", round=1),
        sample.row("0002", "Still builds", "running"),
        sample.row("0003", "Sent before", "running", step_kind="verify", verifier_state="requested", round=1),
        sample.row("0004", "For a person", "awaiting_qa", step_kind="qa", needs_person=True),
    )
    operations = NotedOperations()
    app = cockpit(Desk(ledger=ShelfLedger(shelf={row.id: row for row in rows})), operations)
    async with app.run_test(size=(120, 30)) as pilot:
        await ready(pilot)
        app.choose("", marked=frozenset(row.id for row in rows))
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, Batch))
        await pilot.pause()
        shown = screen_text(app)
    assert "Verify 1 of 4 marked goals?" in shown
    for line in ("round 2", "Nothing to verify yet", "The verifier has it already", "Nothing to verify: 0004"):
        assert line in shown
