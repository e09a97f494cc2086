"""What spends, stops or decides asks first, and only a yes does it."""

import pytest

from factory.errors import Refused
from tests.app import sample
from tests.app.driving import ready, screen_text, settled
from tests.app.fakes import Desk, NotedOperations, ShelfLedger, cockpit

RUNNING, WAITING, STALLED, PAUSED, DONE = (row.id for row in sample.ROWS)


@pytest.mark.parametrize(
    ("key", "run", "operation"),
    [("X", RUNNING, "cancel"), ("r", STALLED, "retry"), ("p", RUNNING, "pause"), ("p", PAUSED, "resume")],
)
async def test_only_a_yes_does_it(key: str, run: str, operation: str) -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, run)
        for answer in ("n", "escape", "enter", "y"):
            assert operations.asked == []
            await pilot.press(key)
            await pilot.pause()
            assert operations.asked == []
            await pilot.press(answer)
            await settled(pilot)
            assert len(app.screen_stack) == 1
    assert operations.asked == [(operation, run)]


async def test_v_sends_nothing_while_the_verifier_has_it() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, PAUSED)
        await pilot.press("v")
        await settled(pilot)
        assert "The verifier has it already (round 2)." in screen_text(app)
    assert operations.asked == []


async def test_v_sends_a_delivered_build_after_a_yes() -> None:
    row = sample.row("6b3q", "Waits for its verifier", "running", step_kind="verify", step_state="ready")
    operations = NotedOperations()
    app = cockpit(Desk(ledger=ShelfLedger(shelf={row.id: row})), operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("v")
        await pilot.pause()
        assert operations.asked == []
        await pilot.press("y")
        await settled(pilot)
        assert "verify: 6b3q is running now" in screen_text(app)
    assert operations.done("verify") == [(row.id,)]


async def test_a_dead_key_says_why() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        for key, run, reason in DEAD:
            await ready(pilot, run)
            await pilot.press(key)
            await settled(pilot)
            assert len(app.screen_stack) == 1
            assert reason in screen_text(app), key
    assert operations.asked == []


DEAD = (
    ("a", RUNNING, "Nothing to review"), ("v", RUNNING, "Nothing to verify yet"), ("r", RUNNING, "Nothing to retry"),
    ("X", DONE, "3f9j is done, and that is final."), ("a", RUNNING, "Nothing to review"),
    ("p", DONE, "that is final"), ("v", RUNNING, "Nothing to verify yet"), ("i", DONE, "that is final"),
    ("r", RUNNING, "Nothing to retry"), ("plus", DONE, "that is final"),
)  # fmt: skip


async def test_what_the_factory_refuses_is_said_with_the_fix() -> None:
    operations = NotedOperations(refuse=Refused("There is no attempt left.", "Raise max_attempts.", "not_ready"))
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, STALLED)
        await pilot.press("r", "y")
        await settled(pilot)
        assert "There is no attempt left. Raise max_attempts." in screen_text(app)


async def test_an_instruction_is_left_as_it_was_typed() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("i")
        await pilot.press("enter")
        assert "There is nothing to say yet." in screen_text(app)
        await pilot.press(*"[red]q", "enter")
        await settled(pilot)
    assert operations.done("instruct") == [(RUNNING, "[red]q")]


async def test_a_cap_takes_an_amount_and_a_reason() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("plus", *"abc", "enter", *"why", "enter")
        assert "is not an amount" in screen_text(app)
        await pilot.press("shift+tab", "backspace", "backspace", "backspace", *"7.50", "enter", "enter")
        await settled(pilot)
    assert operations.done("cap") == [(RUNNING, 7_500_000, "why")]


async def test_esc_leaves_a_question_without_doing_anything() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("i", *"words", "escape")
        await settled(pilot)
        assert len(app.screen_stack) == 1
    assert operations.asked == []


async def test_verbs_work_on_the_page_of_a_goal_too() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, STALLED)
        await pilot.press("enter", "r", "y")
        await settled(pilot)
    assert operations.done("retry") == [(STALLED,)]
