"""A cap over $1.00 in the cockpit: `+` asks for it, and only the code of the card that was read decides."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from textual import events
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.screens.cost_review import CostReview
from factory.errors import Refused
from factory.model.gate import Approval, Gate
from tests.app import sample
from tests.app.cost_sample import DIGEST, GATE, REQUEST, ROW, RUN, view
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import Desk, NotedOperations, Seconds, ShelfLedger, cockpit
from tests.app.open_card import Opened as Base

CODE = tuple(DIGEST[:4])


@dataclass
class Opened(Base):
    """A cockpit with the card open on it."""

    async def press(self, *keys: str) -> None:
        """Press keys as a hand does, and wait until every operation has come back."""
        await super().press(*keys)
        await self.settled()

    @property
    def is_open(self) -> bool:
        """Whether the card is still there."""
        return isinstance(self.app.screen, CostReview)

    async def learn(self, *gates: Gate, says: str, **changes: Any) -> None:
        """Let the ledger say something else, until the card says so."""
        self.desk.ledger.views[RUN] = replace(view(*gates), **changes)
        self.desk.ledger.change(replace(ROW, round=ROW.round), "gate.decide")
        self.app.look_now()
        await until(self.pilot, lambda: says in self.text)


def desk(*gates: Gate) -> Desk:
    """A ledger with that goal in it."""
    shelf = {row.id: (ROW if row.id == RUN else row) for row in sample.ROWS}
    return Desk(ledger=ShelfLedger(shelf=shelf, views={sample.RUN: sample.VIEW, RUN: view(*gates)}))


@asynccontextmanager
async def card(size: tuple[int, int] = (80, 24)) -> AsyncIterator[Opened]:
    """The card, drawn, not yet armed."""
    shelf, seconds, operations = desk(GATE), Seconds(), NotedOperations()
    app = cockpit(shelf, operations, seconds)
    async with app.run_test(size=size) as pilot:
        await ready(pilot, RUN)
        await until(pilot, lambda: app.store.snapshot.selected_view is not None)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, CostReview) and app.screen._guard and app.screen._guard.seen)
        yield Opened(app, pilot, seconds, shelf, operations)


async def test_the_card_shows_all_that_the_decision_is_about() -> None:
    async with card() as opened:
        for part in ("$1.50 for the verifier", "now $0.25", "+$1.25", "operator:eva", "the parser is subtle",
                     "Somebody else asked for this.", DIGEST[:20], "1 of 3 rounds are left", "peer cap", "run cap",
                     "day cap", "The day cap leaves $0.80", "then Enter"):  # fmt: skip
            assert part in opened.text, part


async def test_the_code_and_enter_approve_exactly_what_is_on_screen() -> None:
    async with card() as opened:
        await opened.press(*CODE, "enter")
        assert not opened.is_open
    assert opened.operations.done("approve") == [(RUN, DIGEST, ("the request",), 1300)]


async def test_nothing_less_approves() -> None:
    async with card() as opened:
        for keys in (("y",), ("enter",), ("a", "a"), ("y", "enter"), ("space", "enter"), CODE, (*CODE[:3], "enter")):
            await opened.press(*keys)
            assert opened.is_open, keys
            await opened.press(*["backspace"] * 4)
        opened.seconds.now += 1
        opened.app.post_message(events.Paste(DIGEST[:4] + "\n"))
        await opened.pilot.pause()
        assert "Pasted text is dropped" in opened.text
        await opened.press("enter")
    assert opened.operations.done("approve") == []


async def test_a_code_that_comes_with_its_enter_is_a_paste() -> None:
    async with card() as opened:
        await opened.burst(*CODE, "enter")
        await opened.settled()
        assert opened.is_open
    assert opened.operations.done("approve") == []


async def test_type_ahead_is_dropped() -> None:
    operations, seconds = NotedOperations(), Seconds()
    app = cockpit(desk(GATE), operations, seconds)
    async with app.run_test() as pilot:
        await ready(pilot, RUN)
        await until(pilot, lambda: app.store.snapshot.selected_view is not None)
        await pilot.press("a", *CODE, "enter")
        await until(pilot, lambda: isinstance(app.screen, CostReview) and app.screen._guard)
        seconds.now += 5
        await pilot.pause()
        assert isinstance(app.screen, CostReview)
    assert operations.done("approve") == []


async def test_a_rejection_takes_a_reason_and_is_about_this_digest() -> None:
    async with card() as opened:
        await opened.press("n")
        await opened.press(*"too_short", "enter")
        assert "needs 10 characters" in opened.text
        await opened.press("x", "enter")
        assert not opened.is_open
    assert opened.operations.done("reject") == [(RUN, "too_shortx", DIGEST)]


async def test_another_wish_closes_the_card_and_says_so() -> None:
    async with card() as opened:
        await opened.press(*CODE)
        more = replace(GATE, id="gat_6", request=replace(REQUEST, micros=3_000_000), package_digest="f" * 64)
        await opened.learn(replace(GATE, state="superseded"), more, says="Another cap is asked for now")
        await opened.press("enter")
        assert opened.is_open
    assert opened.operations.done("approve") == []


async def test_who_decided_elsewhere_is_named() -> None:
    async with card() as opened:
        made = Approval(id="apr_1", run=RUN, gate="gat_5", decision="reject", actor="operator:eva")
        await opened.learn(replace(GATE, state="rejected"), says="operator:eva rejected this cap", approvals=(made,))
        await opened.press(*CODE, "enter")
    assert opened.operations.done("approve") == []


async def test_a_stale_digest_that_the_factory_refuses_is_explained() -> None:
    async with card() as opened:
        opened.operations.refuse = Refused("The request changed.", code="stale_package")
        await opened.press(*CODE, "enter")
        assert "Another cap is asked for now. Nothing was decided." in opened.text
        assert opened.is_open


async def test_plus_asks_for_the_cap_that_stopped_the_goal_and_raises_nothing_over_a_dollar() -> None:
    operations = NotedOperations()
    app = cockpit(desk(), operations)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, RUN)
        await until(pilot, lambda: app.store.snapshot.selected_view is not None)
        await pilot.press("plus")
        await until(pilot, lambda: "Raise the cap of the peer of 5v2x, now $0.25" in screen_text(app))
        assert "over $1.00 it is reviewed" in screen_text(app)
        await pilot.press(*"1.50", "enter", *"why", "enter")
        await settled(pilot)
        assert app.said.text == "$1.50 is asked for; nothing is raised yet. a opens the cost review."
        await pilot.press("u")
        await settled(pilot)
        assert "a opens its cost review" in app.said.text
    assert operations.done("cap") == [(RUN, 1_500_000, "why", "thread")]


async def test_the_footer_offers_the_review_first() -> None:
    app = cockpit(desk(GATE))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, RUN)
        await until(pilot, lambda: screen_text(app).splitlines()[-1].startswith(" a review"))


def test_the_card_looks_as_it_did(snap_compare: Any) -> None:
    async def open_it(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, CockpitApp)
        await ready(pilot, RUN)
        await until(pilot, lambda: app.store.snapshot.selected_view is not None)
        await pilot.press("a")
        await until(
            pilot, lambda: isinstance(app.screen, CostReview) and bool(app.screen._guard and app.screen._guard.seen)
        )

    assert snap_compare(cockpit(desk(GATE)), terminal_size=(80, 24), run_before=open_it)
