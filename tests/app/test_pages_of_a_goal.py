"""Output, timeline, cost, audit trail, knowledge and thread of a goal, each on its page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from factory.model.audit import Event
from factory.model.outbox import OutboxItem
from tests.app import sample
from tests.app.driving import screen_text, until
from tests.app.fakes import Desk, ShelfLedger, cockpit
from tests.app.pages_driving import open_part, shows
from tests.app.pages_sample import LOG, PAGE, chain, planted
from widgets.viewers.long_text import Numbers


async def test_output_follows_its_end_until_somebody_scrolls_up(tmp_path: Path) -> None:
    app = planted(tmp_path)
    log = tmp_path / "agents" / sample.VIEW.attempts[-1].id / "out.log"
    async with app.run_test() as pilot:
        page = await open_part(pilot, "output")
        await shows(pilot, "0399 collected")
        with log.open("ab") as file:
            file.write(b"the newest line\n")
        await shows(pilot, "the newest line")
        await pilot.press("pageup")
        with log.open("ab") as file:
            file.write(b"a later line\n")
        await until(pilot, lambda: len(page.text.rows) == 402)
        assert "a later line" not in screen_text(app)
        await pilot.press("f")
        await shows(pilot, "a later line", "following")


async def test_attempts_are_switched_sideways(tmp_path: Path) -> None:
    async with planted(tmp_path).run_test() as pilot:
        await open_part(pilot, "output")
        await shows(pilot, "verify 2", "4 of 4")
        await pilot.press("h")
        await shows(pilot, "output of att_build2", "3 of 4")
        await pilot.press("l", "l")
        await shows(pilot, "That was the last attempt.")


async def test_going_up_past_the_first_row_reads_what_was_before(tmp_path: Path) -> None:
    big = b"".join(b"row %07d of a very long output that somebody may want to read\n" % n for n in range(40_000))
    app = planted(tmp_path, output=big)
    async with app.run_test() as pilot:
        page = await open_part(pilot, "output")
        await shows(pilot, "row 0039999", "pgup reads more")
        held = len(page.text.rows)
        await pilot.press("g")
        await until(pilot, lambda: len(page.text.rows) > held)
        assert len(page.text.rows) == 40_001
        await pilot.press("g")
        await shows(pilot, "row 0000000")


async def test_a_log_of_a_hundred_thousand_lines_answers_keys_at_once(tmp_path: Path) -> None:
    many = b"".join(b"%d\n" % n for n in range(100_000))
    async with planted(tmp_path, {"big.log": many}).run_test() as pilot:
        page = await open_part(pilot, "evidence")
        page.text.go_to("evd_1")
        await pilot.press("enter")
        await until(pilot, lambda: len(page.text.rows) > 100_000)
        await pilot.press("G")
        await shows(pilot, "99999")
        assert isinstance(page.text.keys, Numbers), "no row has a name of its own"


async def test_the_timeline_shows_steps_attempts_and_waits(tmp_path: Path) -> None:
    async with planted(tmp_path).run_test(size=(140, 30)) as pilot:
        await open_part(pilot, "timeline")
        await shows(pilot, "plan", "1 scripted:…", "qa gate", "waited for people", "█", "░")


async def test_the_cost_page_has_a_curve_bars_and_a_table(tmp_path: Path) -> None:
    async with planted(tmp_path).run_test(size=(120, 50)) as pilot:
        await open_part(pilot, "cost")
        await shows(
            pilot, "Over time", "┤", "Over time, verifier", "By role", "By model", "TOKENS", "measured", "$0.14"
        )


async def test_an_amount_that_nobody_knows_is_marked_on_the_cost_page(tmp_path: Path) -> None:
    app = planted(tmp_path)
    ledger: Any = app.sight.ledger
    view = ledger.views[sample.RUN]
    costs = (replace(view.costs[0], basis="unpriced", micros=0), replace(view.costs[1], basis="estimated"))
    ledger.views[sample.RUN] = replace(view, costs=costs)
    async with app.run_test(size=(120, 50)) as pilot:
        await open_part(pilot, "cost")
        await shows(pilot, "?", "≈$0.03", "unpriced", "estimated")


async def test_the_audit_trail_says_that_the_chain_verifies(tmp_path: Path) -> None:
    async with planted(tmp_path).run_test(size=(120, 30)) as pilot:
        await open_part(pilot, "audit")
        await shows(pilot, "the chain verifies: 10 events", "gate.open", '"score": 100', chain()[6].hash[:8])


async def test_the_audit_trail_says_where_the_chain_is_broken(tmp_path: Path) -> None:
    app = planted(tmp_path)
    ledger: Any = app.sight.ledger
    changed: Event = replace(ledger.chain[2], actor="somebody else")
    ledger.chain = (*ledger.chain[:2], changed, *ledger.chain[3:])
    async with app.run_test(size=(120, 30)) as pilot:
        await open_part(pilot, "audit")
        await shows(pilot, "broken at event 3: it was changed after it was written")


async def test_knowledge_is_rendered_and_its_links_are_text(tmp_path: Path) -> None:
    page = tmp_path / "request.md"
    page.write_text(f"{PAGE}\n## Notes\n\nmine\n")
    app = planted(tmp_path)
    ledger: Any = app.sight.ledger
    first: OutboxItem = ledger.views[sample.RUN].outbox[0]
    ledger.views[sample.RUN] = replace(
        ledger.views[sample.RUN], outbox=(replace(first, remote_ref=str(page)), *ledger.views[sample.RUN].outbox[1:])
    )
    async with app.run_test(size=(100, 50)) as pilot:
        await open_part(pilot, "knowledge")
        await shows(
            pilot, "# Status", "[https://example.org well]", "- State: done", "2. second", "mine", "A1     proven"
        )
        await pilot.press("l")
        await shows(pilot, "not written yet (queued); as it will be", "page 2 of 2")
        await pilot.press("l")
        await shows(pilot, "That was the last page.")


async def test_the_thread_shows_every_word_with_what_was_claimed_and_confirmed(tmp_path: Path) -> None:
    async with planted(tmp_path).run_test(size=(120, 40)) as pilot:
        await open_part(pilot, "thread")
        await shows(
            pilot,
            "CLAIMS",
            "CHALLENGE",
            "round 1 of 3 on 4c1d0aa · 1 new",
            "F1 block new · confirmed",
            "$ pytest -k fair",
            "PASS",
            "3 commands run",
            "✓ F1 resolved",
        )


EMPTY: tuple[tuple[str, str], ...] = (
    ("evidence", "The baseline comes first"), ("diff", "when the coder delivers"), ("output", "No agent has begun"),
    ("knowledge", "No page yet"), ("thread", "No thread yet"), ("timeline", "No step has begun"),
    ("audit", "SEQ"), ("cost", "nothing spent yet"), ("blockers", "none"),
)  # fmt: skip


@pytest.mark.parametrize(("part", "words"), EMPTY)
async def test_an_empty_page_says_what_will_appear_and_when(part: str, words: str) -> None:
    row = replace(sample.ROWS[1], id=sample.RUN)
    bare = replace(
        sample.VIEW, steps=() if part == "timeline" else sample.VIEW.steps, attempts=(), evidence=(), costs=(),
        threads=() if part == "thread" else sample.VIEW.threads, blockers=(), outbox=(), messages=(), gates=(),
        run=replace(sample.VIEW.run, criteria=()), packages=(),
    )  # fmt: skip
    app = cockpit(Desk(ledger=ShelfLedger(shelf={row.id: row}, views={sample.RUN: bare}, chain=chain())))
    if not bare.steps:  # no status can be derived of a run without steps
        app.ledger_feed._read_status = lambda view, sources: sample.STATUS
    async with app.run_test(size=(110, 30)) as pilot:
        await open_part(pilot, part)
        await until(pilot, lambda: words.casefold() in screen_text(app).casefold())


async def test_verbs_and_other_parts_work_on_every_page(tmp_path: Path) -> None:
    app = planted(tmp_path)
    async with app.run_test() as pilot:
        page = await open_part(pilot, "output")
        await pilot.press("t")
        await shows(pilot, "CHALLENGE")
        assert app.screen is page
        await pilot.press("X")
        await shows(pilot, "Please confirm")


async def test_the_log_of_the_sample_is_shown_from_its_end(tmp_path: Path) -> None:
    app = planted(tmp_path)
    async with app.run_test() as pilot:
        await open_part(pilot, "output")
        await shows(pilot, LOG.decode().splitlines()[-1])
        assert LOG.decode().splitlines()[0] not in screen_text(app)
