"""The main screen at its smallest size, and how it behaves when the factory changes under it."""

from dataclasses import replace

import pytest
from textual._compositor import Compositor
from textual.color import Color

from factory.errors import Unreachable
from tests.app import sample
from tests.app.driving import drawn, ready, screen_text, until
from tests.app.fakes import Desk, NotedOperations, Seconds, ShelfLedger, cockpit
from widgets.goals import Goals
from widgets.lines import Line
from widgets.summary import FIELDS

RUN = sample.RUN


async def test_the_eight_fields_are_on_screen_at_80x24_without_a_key() -> None:
    app = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        text = screen_text(app)
    for field in FIELDS:
        assert field in text


async def test_each_field_says_what_the_factory_knows() -> None:
    app = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, RUN)
        text = screen_text(app)
    for part in (sample.GOAL, "◆ qa", sample.CODER, "✓ pass", "A1 A2 A3 supported", "verify-2-A3.junit.xml",
                 "$0.31 of $5", "the target does not answer",
                 "Review the evidence (score 100) and decide."):  # fmt: skip
        assert part in text


async def test_a_change_reaches_the_screen() -> None:
    desk = Desk()
    app = cockpit(desk)
    async with app.run_test() as pilot:
        await ready(pilot)
        desk.ledger.change(replace(sample.ROWS[0], goal="Something else entirely"))
        await until(pilot, lambda: "Something else" in screen_text(app))


async def test_the_cursor_stays_on_its_goal_when_a_new_one_arrives() -> None:
    desk = Desk()
    app = cockpit(desk)
    async with app.run_test() as pilot:
        await ready(pilot, RUN)
        desk.ledger.change(sample.row("9z9z", "A newer goal", "ready"), "run.create")
        goals = app.screen.query_one(Goals)
        await until(pilot, lambda: len(goals.keys) == 6)
        assert (goals.keys[0][-4:], goals.key) == ("9z9z", RUN)
        assert app.store.snapshot.wanted == RUN


async def test_in_a_long_list_the_row_under_the_cursor_keeps_its_line_when_new_goals_arrive() -> None:
    rows = [sample.row(f"{n:04d}", f"goal {n}", "done", step_kind="writeback", step_state="passed") for n in range(300)]
    desk = Desk(ledger=ShelfLedger(shelf={row.id: row for row in rows}))
    app = cockpit(desk)
    async with app.run_test() as pilot:
        await ready(pilot, rows[150].id)
        goals = app.screen.query_one(Goals)
        line = goals.cursor - goals.scroll_offset.y
        desk.ledger.change(sample.row("9z9z", "A newer goal", "ready"), "run.create")
        await until(pilot, lambda: len(goals.keys) == 301)
        assert (goals.key, goals.cursor - goals.scroll_offset.y) == (rows[150].id, line)


async def test_a_ledger_that_is_away_keeps_the_last_values_and_says_how_old_they_are() -> None:
    desk, seconds = Desk(), Seconds()
    app = cockpit(desk, seconds=seconds)
    async with app.run_test() as pilot:
        await ready(pilot, RUN)
        desk.ledger.problem = Unreachable("The ledger does not answer.", "Is the disk there?")
        app.look_now()
        await until(pilot, lambda: app.store.snapshot.sources["ledger"].problem)
        seconds.now += 14
        app._tick()
        await pilot.pause()
        text = screen_text(app)
    assert "STALE 14s" in text
    assert sample.GOAL in text


async def test_a_ledger_that_comes_back_is_live_again() -> None:
    desk = Desk()
    desk.ledger.problem = Unreachable("The ledger does not answer.")
    app = cockpit(desk)
    async with app.run_test() as pilot:
        await until(pilot, lambda: "ledger" in app.store.snapshot.sources)
        assert "DOWN" in screen_text(app)
        desk.ledger.problem = None
        app.look_now()
        await ready(pilot)
        assert "LIVE" in screen_text(app)


async def test_w_goes_to_the_goal_that_waited_longest_then_to_the_next() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        goals = app.screen.query_one(Goals)
        visited = []
        for _ in range(3):
            await pilot.press("w")
            visited.append(goals.key[-4:])
    assert visited == ["7c4m", "8t0a", "7c4m"]


async def test_the_filter_narrows_the_list_and_esc_shows_all_again() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        goals = app.screen.query_one(Goals)
        await pilot.press("slash", *"crawler", "enter")
        assert [key[-4:] for key in goals.keys] == ["7c4m"]
        await pilot.press("escape")
        await drawn(pilot)
        assert len(goals.keys) == 5
        assert goals.key[-4:] == "7c4m"


async def test_a_letter_of_the_filter_lays_nothing_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    crawler = next(row.id for row in sample.ROWS if "crawler" in row.goal.casefold())
    app = cockpit()
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot, crawler)
        await pilot.press("slash")
        await drawn(pilot)
        layouts: list[int] = []
        monkeypatch.setattr(Compositor, "reflow", lambda *_: layouts.append(1))
        await pilot.press("c", "r")
        await drawn(pilot)
        assert list(app.screen.query_one(Goals).keys) == [crawler]
        assert layouts == []
        monkeypatch.undo()


async def test_another_pane_does_not_draw_the_whole_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    whole: list[int] = []
    app = cockpit()
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot, RUN)
        await drawn(pilot)
        monkeypatch.setattr(Compositor, "render_full_update", lambda *_, **__: whole.append(1))
        await pilot.press("3", "4")
        await drawn(pilot)
        assert app.focused is app.screen.query_one("#evidence")
    assert whole == []


async def test_letters_of_the_filter_are_no_verbs() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("slash", *"Xnqv")
        assert app.is_running
        assert len(app.screen_stack) == 1
    assert operations.asked == []


async def test_below_80x24_one_line_says_what_is_needed() -> None:
    app = cockpit()
    async with app.run_test(size=(79, 23)) as pilot:
        await ready(pilot)
        text = screen_text(app)
    assert text.strip() == "Cockpit needs 80×24; this terminal is 79×23."


async def test_ascii_only_draws_nothing_but_ascii() -> None:
    app = cockpit(in_ascii="marks")
    async with app.run_test() as pilot:
        await ready(pilot, RUN)
        text = screen_text(app)
    assert text.isascii()
    assert "* 8t0a" in text


async def test_without_colours_every_state_still_has_its_mark_and_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot, RUN)
        text = screen_text(app)
        assert all(_is_grey(color) for color in _colours(app))
    assert "◆ 8t0a" in text
    assert "QA gate" in text
    assert "! 7c4m" in text
    assert "stalled?" in text


async def test_q_leaves_and_stops_nothing() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        assert "leave, runs go on" in screen_text(app)
        await pilot.press("q")
        await pilot.pause()
        assert not app.is_running
    assert operations.asked == []


async def test_an_empty_factory_says_how_to_begin() -> None:
    app = cockpit(Desk(ledger=ShelfLedger(shelf={}, chain=())))
    async with app.run_test() as pilot:
        await until(pilot, lambda: "ledger" in app.store.snapshot.sources)
        assert "No goals yet. Press n to launch one." in screen_text(app)


async def test_enter_opens_the_goal_on_a_page_and_esc_comes_back() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot, RUN)
        await pilot.press("enter")
        await pilot.pause()
        assert len(app.screen_stack) == 2
        assert "cockpit review run_" in screen_text(app)
        await pilot.press("escape")
        assert len(app.screen_stack) == 1


def _colours(app: object) -> list[Color]:
    strips = app.screen._compositor.render_strips()  # type: ignore[attr-defined]
    styles = [segment.style for strip in strips for segment in strip if segment.style]
    found = [colour for style in styles for colour in (style.color, style.bgcolor) if colour and colour.triplet]
    return [Color.from_rich_color(colour) for colour in found]


def _is_grey(color: Color) -> bool:
    return max(color.rgb) - min(color.rgb) <= 1


async def test_a_changed_goal_costs_one_line_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [sample.row(f"{n:04d}", f"goal {n}", "running") for n in range(2000)]
    desk = Desk(ledger=ShelfLedger(shelf={row.id: row for row in rows}))
    app = cockpit(desk)
    drawn: list[int] = []
    line = Goals.line

    def noted(goals: Goals, index: int, width: int) -> Line:
        drawn.append(index)
        return line(goals, index, width)

    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        await until(pilot, lambda: app.store.snapshot.is_all)  # older ones come a turn later
        monkeypatch.setattr(Goals, "line", noted)
        desk.ledger.change(replace(rows[7], spent_micros=990_000))
        app.look_now()
        await until(pilot, lambda: "$0.99" in screen_text(app))
        assert set(drawn) == {7}
        desk.ledger.change(replace(rows[1999], spent_micros=880_000))
        app.look_now()
        await until(pilot, lambda: app.store.snapshot.rows[1999].spent_micros == 880_000)
    assert set(drawn) == {7}


async def test_a_click_selects_a_goal_and_a_second_one_opens_it() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.click(Goals, offset=(10, 2))
        assert app.store.snapshot.wanted == RUN
        await pilot.click(Goals, offset=(10, 2))
        await pilot.pause()
        assert len(app.screen_stack) == 2


async def test_ctrl_c_only_says_how_to_leave() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "q leaves the cockpit" in screen_text(app)
        assert app.is_running
