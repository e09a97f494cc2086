"""A recorded run in the cockpit: keys that move through it, time that is driven, and nothing that can be changed."""

from dataclasses import replace
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from cockpit.dead_keys import CHANGING, IN_REPLAY
from cockpit.keymap import KEYS, Key
from cockpit.operations import Operations
from cockpit.replay_app import READS, ReplayApp, Unchangeable
from cockpit.screens.page import Page
from factory.errors import Refused, Unreachable
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import Seconds, cockpit
from tests.app.flight_sample import MOMENTS, at, flight, replayed, shown

DEAD = [key for key in KEYS if key.where == "goals" and key.action.partition("(")[0] in CHANGING]
LAST = len(MOMENTS)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_forward_and_back_draws_the_same_picture_again(size: tuple[int, int]) -> None:
    async with replayed().run_test(size=size) as pilot:
        there = [await at(pilot, number) for number in range(1, LAST + 1)]
        back = [await at(pilot, number) for number in range(LAST, 0, -1)]
    assert there == back[::-1]
    assert len(set(there)) == LAST


async def test_it_begins_at_the_first_moment_and_says_that_it_is_a_replay() -> None:
    async with replayed().run_test(size=(80, 24)) as pilot:
        await shown(pilot)
        text = screen_text(pilot.app)  # type: ignore[arg-type]
    assert "REPLAY 13:40:00 · event 1/9 · ‖ paused · run created" in text
    assert "LIVE" not in text
    assert "STALE" not in text


async def test_every_screen_says_so() -> None:
    async with replayed().run_test(size=(80, 24)) as pilot:
        app = await shown(pilot)
        for key in ("enter", "e", "t", "b", "o", "d", "dollar_sign", "c", "A", "K", "9"):
            await pilot.press(key)
            await settled(pilot)
            assert "REPLAY 13:40:00" in screen_text(app), key
            await pilot.press("escape")
            assert "LIVE" not in screen_text(app), key


async def test_a_card_above_a_screen_says_so_too_and_follows() -> None:
    async with replayed().run_test(size=(80, 24)) as pilot:
        app = await shown(pilot)
        for key in ("question_mark", "space"):
            await pilot.press(key)
            await until(pilot, lambda: "REPLAY 13:40:00" in screen_text(app).splitlines()[0])
            assert len(app.screen_stack) == 2, key
            app.player.step(1)
            app.moved()
            await until(pilot, lambda: "event 2/9" in screen_text(app).splitlines()[0])
            app.player.step(-1)
            app.moved()
            await pilot.press("escape")


async def test_jumps_lead_to_changes_of_state_and_to_the_ends() -> None:
    visited = []
    async with replayed().run_test() as pilot:
        app = await shown(pilot)
        keys = ("greater_than_sign", "greater_than_sign", "greater_than_sign", "greater_than_sign",
                "greater_than_sign", "less_than_sign", "left_parenthesis", "right_parenthesis")  # fmt: skip
        for key in keys:
            await pilot.press(key)
            await shown(pilot)
            visited.append(app.player.event.seq)
        assert "That was" not in app.said.text
        await pilot.press("greater_than_sign")
        assert app.said.text == "That was the last change of state."
    assert visited == [2, 8, 9, 15, 15, 9, 1, 15]


async def test_pages_follow_back_and_forth() -> None:
    async with replayed().run_test(size=(100, 40)) as pilot:
        app = await shown(pilot)
        await pilot.press("right_parenthesis")
        await shown(pilot)
        await pilot.press("A")
        await until(pilot, lambda: "gate qa opened" in screen_text(app))
        await pilot.press("left_parenthesis")
        await until(pilot, lambda: "gate qa opened" not in screen_text(app).split("REPLAY")[0])
        assert "created" in screen_text(app)
        await pilot.press("t", "right_parenthesis")
        await until(pilot, lambda: "13 of 13 tests pass" in screen_text(app))
        await pilot.press("comma")
        await until(pilot, lambda: "13 of 13 tests pass" not in screen_text(app))


async def test_time_goes_on_by_the_clock_and_signs_of_life_with_it() -> None:
    seconds = Seconds()
    async with replayed(seconds=seconds, speed=20).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot)
        await pilot.press("semicolon")
        assert "▶ 20×" in screen_text(app)
        await until(pilot, lambda: "nothing for 1m, played in 5s" in screen_text(app))
        seconds.now += 10.1 / 20  # two gaps, both longer than is waited
        app.play_on()
        await until(pilot, lambda: app.player.number == 3 and app.is_shown)
        seconds.now += 4 / 20
        app.play_on()
        await until(pilot, lambda: _progress(app) == "2026-03-02T13:42:40.000Z")
        seconds.now += 99
        app.play_on()
        await until(pilot, lambda: app.player.number == LAST and app.is_shown)
        assert "‖ end" in screen_text(app)
        assert "awaiting" in screen_text(app) or "qa" in screen_text(app)


def _progress(app: ReplayApp) -> str:
    view = app.store.snapshot.selected_view
    return view.attempts[-1].last_progress if view and view.attempts else ""


async def test_a_key_pauses_and_another_one_changes_the_speed() -> None:
    seconds = Seconds()
    async with replayed(seconds=seconds).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot)
        await pilot.press("right_curly_bracket", "semicolon", "right_curly_bracket", "left_curly_bracket")
        assert "▶ 2×" in screen_text(app)
        await pilot.press("semicolon")
        seconds.now += 99
        app.play_on()
        assert (app.player.number, app.player.is_playing) == (1, False)
        assert "‖ paused" in screen_text(app)


async def test_nothing_that_changes_a_goal_works() -> None:
    async with replayed().run_test(size=(80, 24)) as pilot:
        app = await at_end(pilot)
        for key in DEAD:
            app.say("")
            await pilot.press(key.keys.split(",")[0])
            await settled(pilot)
            assert app.said.text == IN_REPLAY, key.id
            assert len(app.screen_stack) == 1, key.id
        assert (app.choices.marked, app.choices.muted, app.deeds) == (frozenset(), frozenset(), ())
    assert {"run.launch", "run.review", "run.stop", "run.land", "run.undo", "run.mark"} <= {key.id for key in DEAD}


@pytest.mark.parametrize(
    "key", [pytest.param(key, id=key.id, marks=[pytest.mark.slow] * (key.id != "run.stop")) for key in DEAD]
)
async def test_what_is_typed_right_after_a_refused_key_is_not_lost(key: Key) -> None:
    async with replayed(seconds=Seconds()).run_test(size=(80, 24)) as pilot:
        app = await at_end(pilot)
        for name in (key.keys.split(",")[0], "semicolon"):  # both at once, as a fast hand does
            app.post_message(events.Key(name, None))
        await until(pilot, lambda: app.player.is_playing)
        await until(pilot, lambda: "▶ 1×" in screen_text(app))  # what was said goes out of its way


async def at_end(pilot: Pilot[Any]) -> ReplayApp:
    """At the last moment, where the gate is open."""
    await shown(pilot)
    await pilot.press("right_parenthesis")
    return await shown(pilot)


def test_operations_refuse_whoever_calls_them() -> None:
    names = [name for name in vars(Operations) if not name.startswith("_")]
    assert names
    for name in names:
        with pytest.raises(Refused, match="not in it" if name in READS else "nothing can be changed"):
            getattr(Unchangeable(), name)("run_1")
    assert set(names) > READS


async def test_the_footer_shows_what_works_and_nothing_else() -> None:
    async with replayed().run_test(size=(200, 50)) as pilot:
        app = await at_end(pilot)
        last = screen_text(app).splitlines()[-1]
    assert ". next " in last
    assert "; play" in last
    assert not [word for word in ("review", "launch", "new", "stop", "cap") if f" {word} " in last]


async def test_no_marked_moment_no_comparison() -> None:
    async with replayed().run_test(size=(100, 40)) as pilot:
        app = await shown(pilot)
        await app.screen.run_action("page_of('compare')")
        await until(pilot, lambda: "No moment is marked" in screen_text(app))


async def test_two_moments_are_compared_and_the_comparison_follows() -> None:
    async with replayed().run_test(size=(100, 60)) as pilot:
        app = await shown(pilot)
        await pilot.press("equals_sign")
        assert "Marked: event 1, 13:40:00" in app.said.text
        await pilot.press("equals_sign")
        assert len(app.screen_stack) == 1
        await at(pilot, 3)
        await pilot.press("equals_sign")
        await until(pilot, lambda: isinstance(app.screen, Page) and "build 1" in screen_text(app))
        text = screen_text(app)
        assert "13:40:00  event 1" in text
        assert "13:41:20  event 3" in text
        assert "ready → running" in text
        await pilot.press("right_parenthesis")
        await until(pilot, lambda: "ready → awaiting qa" in screen_text(app))
        await pilot.press("equals_sign")
        await until(pilot, lambda: "Nothing differs" in screen_text(app))
        await pilot.press("comma")
        await until(pilot, lambda: "awaiting qa" in screen_text(app))
        assert "running → awaiting qa" in screen_text(app)  # the earlier one first, whichever is marked


async def test_the_keys_of_a_replay_say_why_they_are_dead_elsewhere() -> None:
    app = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        for key in KEYS:
            if key.where == "replay":
                app.say("")
                await pilot.press(key.keys.split(",")[0])
                assert "cockpit replay RUN" in app.said.text, key.id


async def test_a_recording_that_cannot_be_read_on_keeps_its_picture_and_says_why() -> None:
    recording = flight()
    async with replayed(recording).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot)
        seek, recording.seek = recording.seek, _away  # type: ignore[method-assign]
        await pilot.press("full_stop")
        await until(pilot, lambda: "ledger DOWN" in screen_text(app) or "DOWN" in screen_text(app))
        recording.seek = seek  # type: ignore[method-assign]
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.is_shown and "DOWN" not in screen_text(app))


def _away(seq: int, beats: int = 0) -> None:
    raise Unreachable("The ledger is gone.", "Bring it back.")


async def test_nothing_is_watched_kept_or_told() -> None:
    app = replayed()
    async with app.run_test(size=(80, 24)) as pilot:
        await at_end(pilot)
        feeds = {worker.name for worker in app.workers if worker.group == "feed"}
        assert feeds == {"ledger", "output"}
        assert app.attention.title_of(app.store.snapshot) == "cockpit replay"


async def test_keys_of_a_replay_can_be_remapped() -> None:
    async with replayed(keys={"replay.next": "D"}).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot)
        await pilot.press("D")
        await shown(pilot)
        assert app.player.number == 2
        assert "D next" in screen_text(app)


async def test_a_recording_with_one_event_is_shown() -> None:
    whole = flight()
    one = replace(whole, moments=whole.moments[:1], pictures=whole.pictures[:1])
    async with replayed(one).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot)
        assert "event 1/1 · ‖ end" in screen_text(app)
        await pilot.press("semicolon")
        assert not app.player.is_playing or app.player.is_at_end


async def test_the_rest_is_read_once_behind_the_first_picture_and_what_it_finds_is_said() -> None:
    calls: list[bool] = []

    def rest() -> str:
        calls.append(app.is_running)
        return "This file is not what was recorded: event 4 was changed."

    app = replayed(rest=rest)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot)
        await until(pilot, lambda: "event 4 was changed" in screen_text(app))
        await at(pilot, 3)
    assert calls == [True]
