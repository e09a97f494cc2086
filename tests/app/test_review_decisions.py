"""The review card when something else happens: another digest, another decision, no ledger, a rejection."""

from dataclasses import replace

from cockpit.screens.review import Review
from factory.errors import Refused, Unreachable
from tests.app import sample
from tests.app.driving import ready, screen_text, until
from tests.app.fakes import NotedOperations, cockpit
from tests.app.open_card import CODE, card


async def test_a_package_that_changed_while_the_card_was_open_closes_it_without_an_approval() -> None:
    async with card() as opened:
        await opened.press(*CODE)
        changed = replace(sample.VIEW.gates[0], package_digest="f" * 64)
        opened.desk.ledger.views[sample.RUN] = replace(sample.VIEW, gates=(changed,))
        opened.desk.ledger.change(sample.ROWS[1], "package.freeze")
        opened.app.look_now()
        await until(opened.pilot, lambda: "The package changed" in opened.text)
        await opened.press("enter")
        await opened.settled()
        assert opened.is_open
        assert "Nothing was approved" in opened.text
        assert "esc, then a to read the new one." in opened.text
    assert opened.operations.done("approve") == []


async def test_a_stale_digest_that_the_factory_refuses_is_said_and_closes_the_card() -> None:
    async with card() as opened:
        opened.operations.refuse = Refused("The package changed.", code="stale_package")
        await opened.press(*CODE, "enter")
        await opened.settled()
        assert "Nothing was approved" in opened.text
        opened.operations.refuse = None
        await opened.press(*CODE, "enter")
        await opened.settled()
    assert opened.operations.done("approve") == []


async def test_a_decision_taken_elsewhere_closes_the_card() -> None:
    async with card() as opened:
        opened.desk.ledger.change(replace(sample.ROWS[1], state="closing", needs_person=False), "gate.approve")
        opened.app.look_now()
        await until(opened.pilot, lambda: "Decided elsewhere" in opened.text)
        await opened.press(*CODE, "enter")
        await opened.settled()
    assert opened.operations.done("approve") == []


async def test_an_unreachable_ledger_leaves_the_card_open_to_try_again() -> None:
    async with card() as opened:
        opened.operations.refuse = Unreachable("The ledger is locked.", "Try again.")
        await opened.press(*CODE, "enter")
        await opened.settled()
        assert "The ledger is locked." in opened.text
        opened.operations.refuse = None
        await opened.press(*CODE, "enter")
        await opened.settled()
    assert len(opened.operations.done("approve")) == 1


async def test_rejecting_needs_a_reason_of_ten_characters() -> None:
    async with card() as opened:
        await opened.press("n")
        await opened.press(*"too_short", "enter")
        assert "needs 10 characters or more; this one has 9" in opened.text
        assert opened.operations.done("reject") == []
        await opened.press("x", "enter")
        await opened.settled()
        assert not opened.is_open
    assert opened.operations.done("reject") == [(sample.RUN, "too_shortx", sample.DIGEST)]


async def test_esc_leaves_the_reason_first_and_the_card_then() -> None:
    async with card() as opened:
        await opened.press("n")
        await opened.press("escape")
        assert opened.is_open
        await opened.press("escape")
        assert not opened.is_open
    assert opened.operations.done("reject") == []


async def test_the_code_typed_into_a_reason_approves_nothing() -> None:
    async with card() as opened:
        await opened.press("n")
        await opened.press(*CODE, "enter")
        await opened.settled()
    assert opened.operations.done("approve") == []


async def test_one_confirmation_decides_one_gate() -> None:
    async with card() as opened:
        await opened.press(*CODE, "enter", "enter", *CODE, "enter")
        await opened.settled()
    assert len(opened.operations.done("approve")) == 1


async def test_a_card_that_nobody_can_read_takes_no_code() -> None:
    async with card() as opened:
        await opened.pilot.resize_terminal(79, 23)
        await opened.press(*CODE, "enter")
        await opened.settled()
    assert opened.operations.done("approve") == []


async def test_a_card_that_cannot_be_read_says_why() -> None:
    operations = NotedOperations(refuse=Refused("There is no package.", "Wait for the QA gate.", "not_ready"))
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press("a")
        await until(pilot, lambda: "There is no package. Wait for the QA gate." in screen_text(app))
        assert not isinstance(app.screen, Review)


async def test_a_on_a_goal_without_an_open_gate_says_why() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("a")
        assert "Nothing to review" in screen_text(app)
    assert operations.asked == []
