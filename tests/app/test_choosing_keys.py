"""Keys that change only this screen: panes, zoom, order, mutes, streams, mouse, clipboard; and keys that may not be."""

import pytest

from cockpit.keymap import FORBIDDEN, KEYS, remapped
from factory.errors import Malformed
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import Desk, ShelfLedger, cockpit
from widgets.line_list import LineList

RUNNING, WAITING, STALLED, PAUSED, DONE = (row.id for row in sample.ROWS)


async def test_digits_tab_and_sideways_jump_between_panes() -> None:
    app = cockpit()
    visited = []
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot, sample.RUN)
        for pressed in ("1", "2", "3", "4", "5", "6", "7", "8", "9"):
            await pilot.press(pressed)
            await pilot.pause()
            assert isinstance(app.focused, LineList)
            visited.append(str(app.focused.id).removesuffix("-left"))
        assert visited == ["goals", "steps", "thread", "evidence", "cost", "live", "blockers", "needs", "sources"]
        await pilot.press("1", "l")
        await pilot.pause()
        right = app.focused
        assert right
        assert right.id != "goals"
        await pilot.press("h")
        await pilot.pause()
        assert app.focused
        assert app.focused.region.x < right.region.x
        await pilot.press("tab", "shift+tab")
        await pilot.pause()
        assert app.store.snapshot.wanted == sample.RUN, "jumping selects nothing else"


async def test_z_gives_a_pane_the_screen_and_takes_it_back() -> None:
    app = cockpit()
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot, sample.RUN)
        before = screen_text(app)
        await pilot.press("3", "z")
        await until(pilot, lambda: "Goals 1" not in screen_text(app))
        assert "Thread 3" in screen_text(app)
        await pilot.press("z", "1")
        await until(pilot, lambda: screen_text(app).splitlines()[:20] == before.splitlines()[:20])


async def test_s_chooses_an_order_and_its_sister_turns_it_around() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("s")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press("j", "enter")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        order = app.choices.order
        assert order.by != "newest"
        keys = list(app.main.query_one("#goals", LineList).keys)
        await pilot.press("S")
        await until(pilot, lambda: list(app.main.query_one("#goals", LineList).keys) == keys[::-1])
        assert app.choices.order.is_reversed


async def test_m_dims_a_goal_and_f_holds_what_streams() -> None:
    ledger = ShelfLedger()
    app = cockpit(Desk(ledger=ledger))
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot, STALLED)
        await pilot.press("m")
        assert app.muted == {STALLED}
        assert "is muted" in app.said.text
        await pilot.press("f")
        ledger.change(sample.ROWS[0], "step.planted")
        app.look_now()
        await until(pilot, lambda: any(one.action == "step.planted" for one in app.store.snapshot.live))
        assert "planted" not in screen_text(app)
        await pilot.press("f")
        await until(pilot, lambda: "planted" in screen_text(app))


async def test_the_mouse_is_left_to_the_terminal_and_taken_back() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("M")
        assert not app.has_mouse
        assert "the terminal's" in app.said.text
        await pilot.press("M")
        assert app.has_mouse


async def test_y_copies_the_id_and_its_sister_the_command() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press("y")
        await settled(pilot)
        assert app.clipboard == sample.RUN
        await pilot.press("Y")
        assert app.clipboard == f"cockpit status {sample.RUN}"


@pytest.mark.parametrize("forbidden", FORBIDDEN)
@pytest.mark.parametrize("id", [key.id for key in KEYS if key.is_verb][:3])
def test_a_key_of_the_terminal_is_refused_with_a_sentence(id: str, forbidden: str) -> None:
    with pytest.raises(Malformed, match="belongs to the terminal"):
        remapped({id: forbidden})


def test_a_key_for_two_things_is_refused_in_one_place_and_taken_in_two() -> None:
    with pytest.raises(Malformed, match=r"gives D to .* and to"):
        remapped({"run.stop": "D", "run.retry": "D"})
    assert remapped({"run.stop": "D", "peek.leave": "D"})
