"""Everything from agents, repositories and servers is data: it is shown, it is never obeyed."""

from dataclasses import replace

import pytest

from cockpit.app import CockpitApp
from factory.model.blocker import Blocker
from factory.model.status import ReviewCard
from factory.model.step import Attempt
from tests.app import sample
from tests.app.driving import ready, screen_text, until
from tests.app.fakes import Desk, NotedOperations, ShelfLedger, cockpit

HOSTILE = {
    "ansi": "\x1b[31mred\x1b[0m \x1b[2J",
    "link": "\x1b]8;;https://example.org\x07click\x1b]8;;\x07",
    "clipboard": "\x1b]52;c;cm0gLXJm\x07",
    "bidi": "abc \u202etxt.exe \u2066hidden\u2069",
    "markup": "[red]danger[/red] [@click=app.quit]go[/] [bold",
    "surrogates": "broken \ud800\udfff bytes",
    "c1": "\x9b31m csi \x9d0;title\x9c",
    "line ends": "one\r\ntwo\u2028three\x0bfour\x0cfive",
    "zero width": "a\u200bb\ufeffc\u00add",
    "towers": "e" + "\u0301" * 500,
    "wide": "漢字" * 500,
    "emoji": "👨‍👩‍👧‍👦 family 🇧🇦",
}
BAD = set("\x1b\x9b\x9d\x9c\x07\x00\r\x0b\x0c\u2028\u202e\u2066\u2069\u200b\ufeff")


def ledger_with(text: str) -> ShelfLedger:
    """A factory in which every text that comes from outside is this one."""
    view = sample.VIEW
    agent = replace(view.run.coder, name=text, company=text)
    run = replace(view.run, goal=text, coder=agent, verifier=replace(agent, company="b" + text), domain=text, repo=text)
    thread = replace(view.thread, coder=text, verifier=text)
    spoiled = replace(
        view, run=run, threads=(thread,),
        steps=tuple(replace(step, assigned=text, state_reason=text) for step in view.steps),
        attempts=tuple[Attempt, ...](replace(one, agent=text, end_reason=text) for one in view.attempts),
        messages=tuple(replace(message, body=text) for message in view.messages),
        evidence=tuple(replace(item, path=f"evidence/{text}", title=text) for item in view.evidence),
        costs=tuple(replace(cost, agent=text) for cost in view.costs),
        blockers=(Blocker(id="blk", run=sample.RUN, code=text, severity="block", message=text, opened_at=sample.NOW),),
        outbox=tuple(replace(item, last_error=text) for item in view.outbox),
    )  # fmt: skip
    row = replace(sample.ROWS[1], goal=text, domain=text)
    events = tuple(replace(one, actor=text, action=text, detail={text: text}) for one in sample.EVENTS)
    return ShelfLedger(shelf={row.id: row}, views={sample.RUN: spoiled}, chain=events)


def desk_with(text: str) -> Desk:
    """A desk with that ledger."""
    return Desk(ledger=ledger_with(text))


def spoil(desk: Desk, text: str) -> None:
    """Put another text everywhere."""
    other = ledger_with(text)
    grown = desk.ledger.chain
    desk.ledger.views = other.views
    desk.ledger.shelf = other.shelf
    more = (replace(event, seq=len(grown) + n) for n, event in enumerate(other.chain, 1))
    desk.ledger.chain = (*grown, *(replace(event, run=sample.RUN) for event in more))


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_hostile_text_is_shown_and_never_obeyed(size: tuple[int, int]) -> None:
    desk = desk_with("calm")
    app = cockpit(desk)
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        for name, text in HOSTILE.items():
            spoil(desk, text)
            app.look_now()
            await until(pilot, lambda text=text: _goal(app) == text)  # type: ignore[misc]
            for key in ("enter", "escape"):
                _check(app, name)
                await pilot.press(key)
                await pilot.pause()


def _goal(app: CockpitApp) -> str:
    view = app.store.snapshot.selected_view
    return view.run.goal if view else ""


def _check(app: CockpitApp, name: str) -> None:
    text = screen_text(app)
    assert not BAD & set(text), name
    text.encode()
    strips = app.screen._compositor.render_strips()
    assert {strip.cell_length for strip in strips} == {app.size.width}, name


async def test_markup_is_text() -> None:
    app = cockpit(desk_with(HOSTILE["markup"]))
    async with app.run_test() as pilot:
        await ready(pilot)
        assert "[red]danger[/red] [@click=app.quit]go[/]" in screen_text(app)


async def test_a_line_of_a_megabyte_is_cut_and_keys_still_answer() -> None:
    app = cockpit(desk_with("x" * 1_000_000))
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        assert "Keys" in screen_text(app)


async def test_the_questions_and_the_card_show_hostile_text_too() -> None:
    desk, operations = desk_with("calm"), NotedOperations()
    app = cockpit(desk, operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        for name, text in HOSTILE.items():
            spoil(desk, text)
            app.look_now()
            await until(pilot, lambda text=text: _goal(app) == text)  # type: ignore[misc]
            operations.card = card_with(text)
            for key, word in (("X", "Please confirm"), ("a", "SUFFICIENT")):
                await pilot.press(key)
                await until(pilot, lambda word=word: word in screen_text(app))  # type: ignore[misc]
                assert not BAD & set(screen_text(app)), name
                app.monotonic.now += 1  # type: ignore[attr-defined]
                await pilot.press("escape")
                await until(pilot, lambda: len(app.screen_stack) == 1)


def card_with(text: str) -> ReviewCard:
    """A card in which every text that comes from outside is this one."""
    claims = tuple(replace(claim, text=text, id=text[:8]) for claim in sample.CARD.claims[:1])
    return replace(sample.CARD, goal=text, claims=claims, notes=(text,), reasons=(text,), verdict=text)
