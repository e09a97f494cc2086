"""What spends, stops or decides asks first, and only a yes does it."""

import threading

import pytest

from factory.errors import Refused
from tests.app import permission_sample, sample
from tests.app.driving import DEADLINE_S, ready, screen_text, settled, until
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


async def test_what_takes_its_time_is_said_to_be_on_its_way_and_keys_go_on() -> None:
    free = threading.Event()

    def held(_: str) -> None:
        free.wait(DEADLINE_S)

    operations = NotedOperations(before=held)  # as if somebody held the ledger
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("p", "y")
        await until(pilot, lambda: "pause: not answered yet; it goes on by itself." in screen_text(app))
        await pilot.press("question_mark")
        await until(pilot, lambda: "Keys" in screen_text(app))
        await pilot.press("escape")
        free.set()
        await until(pilot, lambda: "is paused now" in app.said.text)
    assert operations.asked == [("pause", RUNNING)]


async def test_the_footer_names_what_p_does_to_a_paused_goal() -> None:
    app = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, PAUSED)
        await until(pilot, lambda: "p resume" in screen_text(app).splitlines()[-1])
        await ready(pilot, RUNNING)
        await until(pilot, lambda: "p resume" not in screen_text(app).splitlines()[-1])


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
    assert app.said.text == "instruct: read at the next attempt"


async def test_when_an_instruction_is_read_is_said_as_the_operation_knows_it() -> None:
    queued = "queued; codex takes no words while it works and reads this at its next attempt"
    app = cockpit(permission_sample.desk(), operations=NotedOperations(read_when=queued))
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("i", *"use make", "enter")
        await settled(pilot)
    assert app.said.text == f"instruct: {queued}"


async def test_a_cap_takes_an_amount_and_a_reason() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("plus", *"abc", "enter", *"why", "enter")
        assert "is not an amount" in screen_text(app)
        await pilot.press("shift+tab", "backspace", "backspace", "backspace", *"7.50", "enter", "enter")
        await settled(pilot)
    assert operations.done("cap") == [(RUNNING, 7_500_000, "why", "run")]


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
