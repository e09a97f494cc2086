"""Whatever happens to worker and targets, every item arrives once, in order, and each outage is announced once."""

import json
from itertools import pairwise
from typing import get_args

from hypothesis import event, given
from hypothesis import strategies as st

from factory.model.run import Run
from factory.workflow.delivery import LEASE_S
from tests.fakes.knowledge import Mood
from tests.unit.knowledge.post_room import Moment, PostRoom

moments = st.sampled_from(get_args(Moment))
Act = tuple[str, str, int]
SILENT = ("down", "garbled")
peaceful = st.one_of(
    st.tuples(st.just("queue"), st.sampled_from(["a", "b", ""]), st.just(0)),
    st.tuples(st.just("mood"), st.sampled_from(get_args(Mood)), st.just(0)),
    st.tuples(st.just("look"), st.just(""), st.just(0)),
    st.tuples(st.just("wait"), st.just(""), st.sampled_from([1, 9, int(LEASE_S) + 1, 400])),
    st.tuples(st.just("requeue"), st.just(""), st.just(0)),
    st.tuples(st.just("arrive"), st.just(""), st.just(0)),
    st.tuples(st.just("lose"), st.just(""), st.just(0)),
)
deadly = st.one_of(
    st.tuples(st.just("die in delivery"), moments, st.just(0)),
    st.tuples(st.just("die in write"), moments, st.integers(1, 6)),
)
peaceful_lives = st.lists(peaceful, max_size=25)
lives = st.lists(peaceful | deadly, max_size=25)


def live(room: PostRoom, acts: list[Act]) -> None:
    """Let all of it happen."""
    for name, word, number in acts:
        match name:
            case "queue":
                room.queue(word or f"free-{len(room.queued)}", order_key=word)
            case "mood":
                room.target.mood = next(mood for mood in get_args(Mood) if mood == word)
            case "look":
                room.look_and_maybe_die()
            case "wait":
                room.clock.advance(number)
            case "requeue":
                room.requeue_dead()
            case "arrive":
                room.target.arrive()
            case "lose":
                room.target.lose()
            case _:
                die(room, name, next(moment for moment in get_args(Moment) if moment == word), number)


def die(room: PostRoom, where: str, moment: Moment, number: int) -> None:
    """Kill the worker in its next delivery, or in the ledger write with this number."""
    if where == "die in delivery":
        room.target.dies = moment
    else:
        room.ledger.moment, room.ledger.die_at = moment, number
    room.look_and_maybe_die()


@given(lives, st.booleans())
def test_nothing_is_lost_doubled_or_out_of_order(acts: list[Act], slow: bool) -> None:
    room = PostRoom(slow)
    run = room.ledger.get(Run, "run_1")
    live(room, acts)
    room.settle()
    assert {item.state for item in room.items()} <= {"delivered"}
    assert sorted(item.id for item in room.target.effects) == sorted(item.id for item in room.queued)
    for lane in ("a", "b"):
        arrived = [item.id for item in room.target.effects if item.order_key == lane]
        assert arrived == [item.id for item in room.queued if item.order_key == lane]
    assert room.ledger.get(Run, "run_1") == run
    event(f"{len(room.queued) // 3 * 3}+ items")


@given(lives, st.booleans())
def test_a_reader_never_sees_an_older_page_after_a_newer_one(acts: list[Act], slow: bool) -> None:
    room = PostRoom(slow)
    live(room, acts)
    room.settle()
    newest = {item.order_key: json.loads(item.payload)["text"] for item in room.queued if item.order_key}
    assert {ref: text for ref, text in room.target.texts().items() if ref in newest} == newest


@given(lives, st.booleans())
def test_outages_and_recoveries_are_announced_in_turn(acts: list[Act], slow: bool) -> None:
    room = PostRoom(slow)
    live(room, acts)
    said = room.alerts()
    assert said == (["port.outage", "port.recovered"] * len(said))[: len(said)]
    room.settle()
    assert len(room.alerts()) % 2 == 0 or not room.queued


@given(peaceful_lives, st.booleans())
def test_there_is_one_alert_for_each_outage(acts: list[Act], slow: bool) -> None:
    room = PostRoom(slow)
    live(room, acts)
    answers = ["up", *room.target.answers]
    outages = sum(now in SILENT and before not in SILENT for before, now in pairwise(answers))
    assert room.alerts().count("port.outage") == outages


@given(lives, st.booleans())
def test_a_pause_is_always_between_nothing_and_the_cap(acts: list[Act], slow: bool) -> None:
    room = PostRoom(slow)
    live(room, acts)
    assert 0 <= room.look() <= 5
