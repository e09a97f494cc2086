"""Tasks of mission control that wait are said where the operator looks for what needs them."""

from factory.model.request import Request
from tests.app.fakes import Desk, ShelfLedger, cockpit
from tests.app.pages_driving import shows

REQUEST = Request(id="req_1", ref="mission:1", goal="Fix the report")


async def test_a_task_that_comes_is_said_without_a_key() -> None:
    ledger = ShelfLedger()
    app = cockpit(Desk(ledger=ledger))
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.pause()
        ledger.ask(REQUEST)
        await shows(pilot, "1 request waits: n, ctrl+t")
        ledger.ask(REQUEST)
        await shows(pilot, "2 requests wait: n, ctrl+t")


async def test_it_is_said_when_nothing_else_needs_anybody_too() -> None:
    ledger = ShelfLedger(shelf={}, chain=(), asked=(REQUEST, REQUEST))
    app = cockpit(Desk(ledger=ledger))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "nothing needs you", "2 requests wait: n, ctrl+t")
