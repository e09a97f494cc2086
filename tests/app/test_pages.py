"""The pages of a goal: what each shows, what its keys do, and what it says while there is nothing."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.pacing import FLOOD_PACE_S, FLOOD_TURNS, PACE_S
from cockpit.screens.launch import LaunchForm
from cockpit.screens.page import Page
from cockpit.screens.pages.evidence import EvidencePart
from cockpit.screens.pages.part import Part, Picture
from tests.app import sample
from tests.app.driving import screen_text, settled, until
from tests.app.pages_driving import open_part, shows
from tests.app.pages_sample import FILES, planted, view_with
from widgets.lines import text_of
from widgets.sections import Goal


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


async def test_the_list_of_a_goal_that_is_only_being_read_has_a_name_for_each_row(tmp_path: Path) -> None:
    async with planted(tmp_path).run_test(size=(110, 30)) as pilot:
        page = await open_part(pilot, "evidence")
        read = await EvidencePart(page._desk).look(page.goal, 100)
        part = EvidencePart(page._desk)
        assert await part.look(page.goal, 100) == read
        reading = await part.look(Goal(page.goal.row, None, None), 100)
    assert reading is not None
    assert text_of(reading.rows) == "reading…"
    assert len(reading.keys or ()) == len(reading.rows)


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


async def test_the_footer_of_a_page_names_what_the_keys_do_there(tmp_path: Path) -> None:
    app = planted(tmp_path)
    async with app.run_test(size=(200, 50)) as pilot:
        page = await open_part(pilot, "evidence")
        footer = screen_text(app).splitlines()[-1]
        assert "/ search" in footer
        assert "q close" in footer
        assert not [label for label in ("filter", "leave", "x mark") if label in footer]
        await pilot.press("q")
        await until(pilot, lambda: app.screen is not page)
        assert "q leave, runs go on" in screen_text(app).splitlines()[-1]


async def test_n_without_a_search_launches_as_everywhere(tmp_path: Path) -> None:
    app = planted(tmp_path)
    async with app.run_test() as pilot:
        await open_part(pilot, "thread")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, LaunchForm))


async def test_a_log_that_is_written_to_is_drawn_when_the_watch_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cockpit.screens.page.LIVE_S", 3600.0)  # it does not look by itself
    app = planted(tmp_path)
    async with app.run_test(size=(120, 30)) as pilot:
        await open_item(pilot, "verify-2-A1.log")
        await pilot.press("f")
        (log,) = tmp_path.rglob("*-verify-2-A1.log")
        with log.open("a", encoding="utf-8") as file:
            file.write("one line more\n")
        app._files_changed({"run_elsewhere"})
        await settled(pilot)
        assert "one line more" not in screen_text(app)
        app._files_changed({sample.RUN})
        await shows(pilot, "one line more")


async def test_files_that_change_while_a_page_is_being_opened_disturb_nothing(tmp_path: Path) -> None:
    Page("evidence").files_changed()
    async with planted(tmp_path).run_test() as pilot:
        await open_part(pilot, "evidence")
        app = pilot.app
        assert isinstance(app, CockpitApp)
        app._files_changed({sample.RUN})
        await shows(pilot, "CLAIMED")


class Growing(Part):
    """A part that is another one at each of its first looks."""

    def __init__(self, page: Page, looks: int) -> None:
        super().__init__(page._desk)
        self.left = looks

    async def look(self, goal: Goal, width: int) -> Picture | None:
        self.left -= 1
        return Picture(((("grown", ""),),)) if self.left >= 0 else None


async def test_what_grows_and_grows_is_drawn_ten_times_a_second_and_then_four_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with planted(tmp_path).run_test() as pilot:
        page = await open_part(pilot, "thread")
        await settled(pilot)
        pauses: list[float] = []

        async def noting(seconds: float) -> None:
            pauses.append(seconds)

        monkeypatch.setattr("cockpit.screens.page.asyncio", SimpleNamespace(sleep=noting))
        growing = Growing(page, FLOOD_TURNS + 2)
        page._turn_to(growing)
        await until(pilot, lambda: growing.left < 0)
    assert pauses == [*[PACE_S] * (FLOOD_TURNS - 1), *[FLOOD_PACE_S] * 3]
