"""The pages of a goal: what each shows, what its keys do, and what it says while there is nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.screens.launch import LaunchForm
from cockpit.screens.page import Page
from factory.model.audit import Event
from factory.model.outbox import OutboxItem
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import Desk, ShelfLedger, cockpit
from tests.app.pages_sample import FILES, LOG, PAGE, chain, planted, view_with
from widgets.viewers.long_text import Numbers


async def shows(pilot: Pilot[Any], *words: str) -> None:
    """Wait until all of these words are on screen."""
    app = pilot.app
    assert isinstance(app, CockpitApp)
    try:
        await until(pilot, lambda: all(word in screen_text(app) for word in words))
    except AssertionError:
        raise AssertionError(f"{words} not in:\n{screen_text(app)}") from None


async def open_part(pilot: Pilot[Any], part: str) -> Page:
    """The page of one part of the sample's goal."""
    await ready(pilot, sample.RUN)
    app = pilot.app
    await app.screen.run_action(f"page_of('{part}')")
    await until(pilot, lambda: isinstance(app.screen, Page))
    await settled(pilot)
    page = app.screen
    assert isinstance(page, Page)
    return page


async def open_item(pilot: Pilot[Any], name: str) -> Page:
    """The page of one piece of evidence."""
    page = await open_part(pilot, "evidence")
    page.text.go_to(f"evd_{list(FILES).index(name) + 1}")
    await pilot.press("enter")
    await shows(pilot, "as it was captured: its digest is the same")
    await settled(pilot)
    return page


async def test_evidence_stands_as_claimed_beside_proven_with_who_when_and_commit(tmp_path: Path) -> None:
    async with planted(tmp_path).run_test(size=(120, 30)) as pilot:
        await open_part(pilot, "evidence")
        await shows(pilot, "CLAIMED BY", "PROVEN", "coder, verifier", "build-2.patch", "COMMIT", "9f2c1ab", "BY", "AT")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("build-2.patch", ("src/split.py", "@@ -1,4 +1,8 @@", "+ ", "raise ValueError", "2 files +9 -1")),
        ("verify-1-A2.junit.xml", ("1 failed, 1 skipped of 4", "test_fair[10-4]", "assert 2 <= 1")),
        ("lint.json", ("tool: \"ruff\"", "found: [1]", "code: \"F401\"")),
        ("verify-2-A1.log", ("0001 collected", "f follows")),
        ("screen.png", ("PNG picture, 1,280 × 720 pixels", "bytes")),
        ("notes.md", ("# Notes", "read me")),
    ],
)  # fmt: skip
async def test_an_item_opens_in_the_view_that_fits_it(tmp_path: Path, name: str, words: tuple[str, ...]) -> None:
    async with planted(tmp_path).run_test(size=(110, 34)) as pilot:
        await open_item(pilot, name)
        await shows(pilot, name, *words)


async def test_esc_goes_from_the_item_to_its_row_and_then_to_the_main_screen(tmp_path: Path) -> None:
    app = planted(tmp_path)
    async with app.run_test() as pilot:
        page = await open_item(pilot, "lint.json")
        await pilot.press("escape")
        await settled(pilot)
        assert page.text.key == f"evd_{list(FILES).index('lint.json') + 1}"
        await pilot.press("escape")
        assert len(app.screen_stack) == 1


async def test_a_file_that_is_gone_or_was_changed_says_so(tmp_path: Path) -> None:
    app = planted(tmp_path)
    items = view_with(tmp_path).evidence
    root = tmp_path / "evidence" / sample.RUN
    (root / items[2].path).unlink()
    (root / items[3].path).write_bytes(b"something else\n")
    async with app.run_test(size=(110, 30)) as pilot:
        page = await open_part(pilot, "evidence")
        for key, words in (("evd_3", "The file is gone"), ("evd_4", "its digest differs")):
            page.text.go_to(key)
            await pilot.press("enter")
            await shows(pilot, words)
            await pilot.press("escape")
            await shows(pilot, "CLAIMED BY")


async def test_a_path_that_leads_out_of_the_evidence_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the password")
    app = planted(tmp_path)
    ledger: Any = app.sight.ledger
    view = ledger.views[sample.RUN]
    ledger.views[sample.RUN] = replace(view, evidence=(replace(view.evidence[0], path="../../secret"),))
    async with app.run_test(size=(110, 30)) as pilot:
        page = await open_part(pilot, "evidence")
        page.text.go_to("evd_1")
        await pilot.press("enter")
        await shows(pilot, "It leads out of the evidence folder")
        assert "the password" not in screen_text(app)


async def test_the_diff_page_has_a_list_of_files_where_there_is_room(tmp_path: Path) -> None:
    async with planted(tmp_path).run_test(size=(140, 30)) as pilot:
        page = await open_part(pilot, "diff")
        await shows(pilot, "Files", "tests/test_split.py added")
        assert page.has_class("-sided")
        page.side.focus()
        await pilot.press("j")
        await settled(pilot)
        assert page.side.cursor == 1


@pytest.mark.parametrize("width", [80, 140])
async def test_left_and_right_jump_between_the_files_of_a_diff(tmp_path: Path, width: int) -> None:
    app = planted(tmp_path)
    async with app.run_test(size=(width, 24)) as pilot:
        page = await open_part(pilot, "diff")
        assert page.has_class("-sided") == (width >= 120)
        await pilot.resize_terminal(width, 24)
        top = page.text.scroll_offset.y
        await pilot.press("l", "l")
        await settled(pilot)
        lower = page.text.scroll_offset.y
        await pilot.press("h", "h", "h")
        await shows(pilot, "That was the first file.")
        assert lower >= top


async def test_the_code_of_a_diff_is_coloured_by_its_language(tmp_path: Path) -> None:
    async with planted(tmp_path).run_test(size=(140, 30)) as pilot:
        page = await open_part(pilot, "diff")
        await until(pilot, lambda: any(str(tone) == "keyword" for row in page.text.rows for _, tone in row))


async def test_a_tree_folds_and_unfolds(tmp_path: Path) -> None:
    app = planted(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        page = await open_item(pilot, "lint.json")
        page.text.go_to("0")
        await pilot.press("h")
        await until(pilot, lambda: 'tool: "ruff"' not in screen_text(app))
        await pilot.press("l")
        await shows(pilot, 'tool: "ruff"')
        await pilot.press("enter")
        await until(pilot, lambda: 'tool: "ruff"' not in screen_text(app))


async def test_failures_of_a_report_come_first_and_are_unfolded(tmp_path: Path) -> None:
    app = planted(tmp_path)
    async with app.run_test(size=(100, 40)) as pilot:
        await open_item(pilot, "verify-1-A2.junit.xml")
        text = screen_text(app)
        assert text.index("test_fair") < text.index("test_ways") < text.index("test_sum")
        assert "E   assert 2 <= 1" in text


async def test_search_finds_goes_on_and_ends(tmp_path: Path) -> None:
    app = planted(tmp_path)
    async with app.run_test() as pilot:
        page = await open_part(pilot, "output")
        await pilot.press("g")
        await pilot.press("slash", *"039", "enter")
        await shows(pilot, "039: 1 of 11; n N go on")
        first = page.text.hit
        await pilot.press("n")
        await shows(pilot, "2 of 11")
        assert page.text.hit > first
        await pilot.press("N")
        await shows(pilot, "1 of 11")
        await pilot.press("escape")
        assert isinstance(app.screen, Page)
        assert not page.text.word


async def test_search_unfolds_what_it_finds_in_a_tree(tmp_path: Path) -> None:
    app = planted(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        page = await open_item(pilot, "lint.json")
        page.text.go_to("0")
        await pilot.press("h")
        await until(pilot, lambda: "F401" not in screen_text(app))
        await pilot.press("slash", *"f401", "enter")
        await shows(pilot, 'code: "F401"', "f401: 1 of 1")


async def test_search_says_when_there_is_nothing(tmp_path: Path) -> None:
    async with planted(tmp_path).run_test() as pilot:
        await open_part(pilot, "thread")
        await pilot.press("slash", *"zzz", "enter")
        await shows(pilot, "zzz is nowhere on this page.")


async def test_n_without_a_search_launches_as_everywhere(tmp_path: Path) -> None:
    app = planted(tmp_path)
    async with app.run_test() as pilot:
        await open_part(pilot, "thread")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, LaunchForm))


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
        await shows(pilot, "plan", "1 scripted:split", "qa gate", "waited for people", "█", "░")


async def test_the_cost_page_has_a_curve_bars_and_a_table(tmp_path: Path) -> None:
    async with planted(tmp_path).run_test(size=(120, 50)) as pilot:
        await open_part(pilot, "cost")
        await shows(pilot, "Over time", "┤", "By role", "By model", "By run", "TOKENS", "reported", "$0.14")


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
        await shows(pilot, "the chain verifies: 5 events", "gate.open", '"score": 100', chain()[1].hash[:8])


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
        await shows(pilot, "# Status", "[https://example.org well]", "- State: done", "2. second", "mine", "│ proven")
        await pilot.press("l")
        await shows(pilot, "not written yet (queued); as it will be", "page 2 of 2")
        await pilot.press("l")
        await shows(pilot, "That was the last page.")


async def test_the_thread_shows_every_word_with_what_was_claimed_and_confirmed(tmp_path: Path) -> None:
    async with planted(tmp_path).run_test(size=(120, 40)) as pilot:
        await open_part(pilot, "thread")
        await shows(
            pilot, "REQUEST", "CHANGES REQUESTED", "block confirmed", "$ pytest -k fair", "PASS", "3 commands run"
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
        await shows(pilot, "CHANGES REQUESTED")
        assert app.screen is page
        await pilot.press("X")
        await shows(pilot, "Please confirm")


async def test_the_log_of_the_sample_is_shown_from_its_end(tmp_path: Path) -> None:
    app = planted(tmp_path)
    async with app.run_test() as pilot:
        await open_part(pilot, "output")
        await shows(pilot, LOG.decode().splitlines()[-1])
        assert LOG.decode().splitlines()[0] not in screen_text(app)
