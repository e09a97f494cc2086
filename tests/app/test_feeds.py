"""The ledger feed: only what changed is read again, and a ledger that fails costs no value on screen."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import permutations
from threading import get_ident

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.feeds import BEAT_S, PATIENCE_S, TOLD_POLL_S, TOLD_S, LedgerFeed, merged
from cockpit.pacing import FLOOD, FLOOD_PACE_S, FLOOD_TURNS, PACE_S
from cockpit.store import FEEDS, STALE_AFTER_S, Seen, Snapshot, Store
from cockpit.sums import totals_of
from factory.errors import Unreachable
from factory.model.source import Source
from factory.model.status import Status
from factory.model.view import RunRow, RunView
from tests.app import sample
from tests.app.fakes import Seconds, ShelfLedger

FIRST, SELECTED = sample.ROWS[0].id, sample.RUN
WORKING = tuple(row.id for row in sample.ROWS if row.state == "running")


class Reading:
    """A store with a feed on a shelf ledger, which has read everything once."""

    def __init__(self, wanted: str = SELECTED) -> None:
        self.seconds = Seconds()
        self.ledger = ShelfLedger()
        self.store = Store(Snapshot(wanted=wanted))
        self.feed = LedgerFeed(self.ledger, self.store, _status, self.seconds)  # type: ignore[arg-type]

    async def look(self) -> list[tuple[str, object]]:
        """Look once; what was read."""
        self.ledger.reads.clear()
        await self.feed.refresh()
        return self.ledger.reads


def _status(view: RunView, sources: Mapping[str, Source]) -> Status:
    return sample.status_of(view, sources)


async def test_the_first_look_reads_everything_once() -> None:
    reading = Reading()
    assert await reading.look() == [("head", None), ("rows", None), ("events", 0), ("view", SELECTED)]
    snapshot = reading.store.snapshot
    assert snapshot.rows == sample.ROWS
    assert snapshot.live == sample.EVENTS
    assert snapshot.selected_status is not None


async def test_a_look_without_a_change_reads_only_the_head() -> None:
    reading = Reading()
    await reading.look()
    before = reading.store.snapshot
    assert await reading.look() == [("head", None)]
    assert reading.store.snapshot.rows is before.rows
    assert reading.store.snapshot.selected is before.selected


async def test_only_the_changed_row_is_read_again() -> None:
    reading = Reading()
    await reading.look()
    before = reading.store.snapshot.rows
    reading.ledger.change(replace(sample.ROWS[0], spent_micros=77))
    assert await reading.look() == [("head", None), ("events", len(sample.EVENTS) - 1), ("rows", (FIRST,))]
    after = reading.store.snapshot.rows
    assert after[0].spent_micros == 77
    assert all(new is old for new, old in zip(after[1:], before[1:], strict=True))


async def test_the_selected_goal_is_read_again_when_it_changes() -> None:
    reading = Reading()
    await reading.look()
    reading.ledger.change(sample.ROWS[1])
    assert ("view", SELECTED) in await reading.look()


async def test_another_selection_is_read_without_a_change() -> None:
    reading = Reading()
    await reading.look()
    reading.store.change(wanted=FIRST)
    assert await reading.look() == [("head", None)]  # the operator may only pass by
    reading.feed.look_now()
    assert reading.store.snapshot.selected_view is None
    assert await reading.look() == [("head", None), ("view", FIRST)]
    view = reading.store.snapshot.selected_view
    assert view is not None
    assert view.run.id == FIRST


async def test_a_selection_that_changed_while_it_was_read_is_not_shown() -> None:
    reading = Reading()
    look = asyncio.create_task(reading.feed.refresh())
    await asyncio.sleep(0)
    reading.store.change(wanted=FIRST)
    await look
    assert reading.store.snapshot.selected is None


async def test_who_was_told_of_a_write_looks_again_until_its_commit_is_to_be_seen() -> None:
    reading = Reading()
    reading.ledger.commits = 1
    reading.feed.is_told = True
    await reading.look()
    reading.feed._announce()
    pauses = []
    for _ in range(4):
        await reading.look()
        pauses.append(reading.feed._pause_s())
    assert pauses == [2 * PATIENCE_S, 4 * PATIENCE_S, 8 * PATIENCE_S, 16 * PATIENCE_S]
    reading.ledger.commits += 1
    reading.ledger.change(replace(sample.ROWS[0], spent_micros=77))
    await reading.look()
    assert reading.store.snapshot.rows[0].spent_micros == 77
    assert reading.feed._pause_s() == TOLD_POLL_S


async def test_a_write_that_is_never_committed_is_not_waited_for_for_ever() -> None:
    reading = Reading()
    reading.ledger.commits = 1
    reading.feed.is_told = True
    await reading.look()
    reading.feed._announce()
    for _ in range(10):
        await reading.look()
    assert reading.feed._pause_s() == TOLD_POLL_S


async def test_every_look_is_taken_in_the_same_thread_beside_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Reading()
    threads: list[int] = []
    monkeypatch.setattr(reading.ledger, "stamp", lambda: threads.append(get_ident()))
    for _ in range(8):
        await asyncio.gather(reading.look(), asyncio.to_thread(get_ident))
    assert len(threads) == 8
    assert set(threads) == {threads[0]} != {get_ident()}


async def test_in_a_lasting_flood_the_ledger_is_looked_at_four_times_a_second() -> None:
    reading = Reading()
    pauses = []
    for _ in range(FLOOD_TURNS + 1):
        await reading.look()
        pauses.append((reading.feed._pause_s(), reading.feed._told.pause_s + TOLD_S))
        for _ in range(FLOOD):
            reading.ledger.change(sample.ROWS[0])
    assert pauses == [*[(PACE_S, PACE_S)] * FLOOD_TURNS, (FLOOD_PACE_S, FLOOD_PACE_S)]


async def test_heartbeats_of_a_working_goal_are_read_though_they_write_no_event() -> None:
    reading = Reading(wanted=FIRST)
    await reading.look()
    assert await reading.look() == [("head", None)]
    reading.seconds.now += BEAT_S
    assert await reading.look() == [("head", None), ("view", FIRST), ("rows", WORKING)]


async def test_progress_of_any_working_goal_reaches_the_list_though_it_writes_no_event() -> None:
    reading = Reading()
    await reading.look()
    before = reading.store.snapshot
    moved = "2026-03-02T14:02:10.000Z"
    reading.ledger.shelf[FIRST] = replace(sample.ROWS[0], last_progress_at=moved)
    await reading.look()
    assert reading.store.snapshot.rows is before.rows
    reading.seconds.now += BEAT_S
    await reading.look()
    after = reading.store.snapshot.rows
    assert (after[0].last_progress_at, after[0].last_sign_at) == (moved, moved)
    assert all(new is old for new, old in zip(after[1:], before.rows[1:], strict=True))
    reading.seconds.now += BEAT_S
    await reading.look()
    assert reading.store.snapshot.rows is after


async def test_a_goal_that_waits_is_not_read_again_and_again() -> None:
    reading = Reading()
    await reading.look()
    reading.seconds.now += 10 * BEAT_S
    assert ("view", SELECTED) not in await reading.look()


async def test_another_ledger_under_the_same_name_is_read_whole() -> None:
    reading = Reading()
    await reading.look()
    reading.ledger.chain = sample.EVENTS[:2]
    assert ("rows", None) in await reading.look()


async def test_a_longer_ledger_of_somebody_else_is_read_whole_too() -> None:
    reading = Reading()
    await reading.look()
    other = replace(sample.EVENTS[-1], hash=sample.digest("another one"))
    reading.ledger.chain = (*sample.EVENTS[:-1], other)
    reading.ledger.change(sample.ROWS[1])
    assert ("rows", None) in await reading.look()


async def test_systems_are_known_whichever_goal_is_selected() -> None:
    reading = Reading(wanted="")
    await reading.look()
    lines = {line.name: line for line in reading.store.snapshot.source_lines(reading.seconds.now, sample.NOW)}
    assert (lines["ledger"].source.state, lines["ledger"].sentence) == ("live", "")
    assert (lines["worker"].source.state, lines["worker"].sentence) == ("unknown", "It has not answered yet.")
    assert (lines["knowledge"].source.state, lines["knowledge"].sentence) == ("down", "down since 13:57:30 UTC")


async def test_a_ledger_that_fails_keeps_the_last_values_and_turns_stale() -> None:
    reading = Reading()
    await reading.look()
    before = reading.store.snapshot
    reading.ledger.problem = Unreachable("The ledger is locked.", "Wait.")
    reading.seconds.now += 14
    await reading.look()
    snapshot = reading.store.snapshot
    assert (snapshot.rows, snapshot.selected, snapshot.live) == (before.rows, before.selected, before.live)
    assert snapshot.ages(reading.seconds.now)["ledger"] == Source("stale", 14.0)
    reading.ledger.problem = None
    await reading.look()
    assert reading.store.snapshot.ages(reading.seconds.now)["ledger"] == Source("live", 0.0)


async def test_a_ledger_that_never_answered_is_down() -> None:
    reading = Reading()
    reading.ledger.problem = Unreachable("The ledger is not there.")
    await reading.look()
    assert reading.store.snapshot.ages(reading.seconds.now)["ledger"].state == "down"


async def test_the_loop_looks_again_at_once_when_it_is_asked_to() -> None:
    reading = Reading()
    running = asyncio.create_task(reading.feed.run())
    try:
        await _until(lambda: reading.store.snapshot.selected_view)
        reading.store.change(wanted=FIRST)
        reading.feed.look_now()
        await _until(lambda: reading.store.snapshot.selected_view)
    finally:
        running.cancel()


async def _until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - a thread brings it
            await asyncio.sleep(0)


@given(st.lists(st.sampled_from(sample.ROWS), unique=True), st.lists(st.sampled_from(sample.ROWS), unique=True))
def test_merging_keeps_every_goal_once_and_every_goal_in_its_place(known: list[RunRow], changed: list[RunRow]) -> None:
    rows = merged(tuple(known), tuple(changed))
    assert sorted(row.id for row in rows) == sorted({row.id for row in (*known, *changed)})
    assert [row for row in rows if row in known] == known


@pytest.mark.parametrize(
    ("seen", "state"),
    [(Seen(), "unknown"), (Seen(problem="no"), "down"), (Seen(0.0, True), "stale"), (Seen(9.0, True), "live"),
     (Seen(9.0, True, "no"), "stale"), (Seen(0.0, True, is_quiet=True), "live")],
)  # fmt: skip
def test_the_state_of_a_source_follows_from_when_it_answered(seen: Seen, state: str) -> None:
    assert STALE_AFTER_S < 9
    assert seen.source(10.0).state == state


def test_the_sums_leave_finished_goals_out_of_what_the_caps_allow() -> None:
    totals = totals_of(sample.ROWS)
    assert totals.need_me == 2
    assert totals.oldest_wait == sample.ROWS[2].waits_since
    assert totals.limit == 20_000_000
    assert totals.spent - totals.open_spent == sample.ROWS[4].spent_micros


def test_listeners_hear_of_changes_and_of_nothing_else() -> None:
    store = Store()
    heard: list[Snapshot] = []
    store.subscribe(heard.append)
    store.change(wanted="run_1")
    store.change(wanted=store.snapshot.wanted)
    store.saw("ledger", Seen(1.0, True))
    store.saw("ledger", Seen(2.0, True))
    assert len(heard) == 2
    assert store.snapshot.sources["ledger"].at == 2.0


@pytest.mark.parametrize("order", list(permutations(FEEDS)))
def test_sources_stand_in_one_order_whichever_answers_first(order: tuple[str, ...]) -> None:
    store = Store()
    for name in ("another", *order):
        store.saw(name, Seen(1.0, True))
    assert list(store.snapshot.ages(1.0)) == [*FEEDS, "another"]
