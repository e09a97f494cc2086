"""The page of sources: where values come from, and what waits for another system."""

from dataclasses import replace

from cockpit.app import CockpitApp
from factory.errors import Unreachable
from factory.model.outbox import OutboxItem
from tests.app import sample
from tests.app.fakes import Desk, ShelfLedger, cockpit
from tests.app.pages_driving import open_part, shows

DEAD = OutboxItem(
    id="out_dead", run=sample.RUN, target="bookstack", op="page", dedupe_key="d", state="dead", tries=1,
    last_error="BookStack will not take it (422): the name is empty",
)  # fmt: skip


def app_with(*items: OutboxItem) -> tuple[CockpitApp, ShelfLedger]:
    ledger = ShelfLedger(writes=items)
    return cockpit(Desk(ledger=ledger)), ledger


async def test_it_shows_what_was_given_up_with_its_error_and_its_key() -> None:
    app, _ = app_with(*sample.VIEW.outbox, DEAD)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_part(pilot, "sources")
        await shows(pilot, "1 given up · 1 waiting", "the name is empty", "Q requeues it: out_dead")


async def test_it_is_read_again_only_when_the_ledger_has_changed() -> None:
    app, ledger = app_with(DEAD)
    async with app.run_test(size=(100, 30)) as pilot:
        page = await open_part(pilot, "sources")
        await shows(pilot, "given up")
        ledger.reads.clear()
        page.freshen()
        await pilot.pause()
        assert ("find", OutboxItem) not in ledger.reads
        ledger.writes = (replace(DEAD, state="queued"),)
        ledger.change(sample.ROWS[0])
        await shows(pilot, "1 waiting")


async def test_a_ledger_that_does_not_answer_leaves_the_last_picture() -> None:
    app, ledger = app_with(DEAD)
    async with app.run_test(size=(100, 30)) as pilot:
        page = await open_part(pilot, "sources")
        await shows(pilot, "given up")
        ledger.problem = Unreachable("The ledger is locked.")
        page.freshen()
        await shows(pilot, "The ledger is locked.", "given up")
