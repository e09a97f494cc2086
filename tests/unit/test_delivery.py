"""Delivery of the outbox, case by case."""

import json

import pytest

from factory.model.blocker import Blocker
from factory.model.run import Run
from factory.rules.backoff import seconds_between
from factory.workflow.outbox_look import CAP_S
from tests.unit.knowledge.post_room import PostRoom


def written(room: PostRoom) -> list[str]:
    return [json.loads(item.payload)["text"] for item in room.target.effects]


def test_a_queued_item_is_delivered_by_every_transition_of_the_table() -> None:
    room = PostRoom()
    item = room.queue("a")
    assert room.look() == CAP_S
    assert room.item(item).state == "delivered"
    assert room.item(item).remote_ref == f"fake://{item.id}"
    said = [event.action for event in room.ledger.events() if event.object == item.id]
    assert said == ["outbox.queue", "outbox.claim", "outbox.accept", "outbox.confirm"]
    assert room.health().state == "up"


def test_an_outage_queues_the_item_again_with_growing_waits() -> None:
    room = PostRoom()
    room.target.mood = "down"
    item = room.queue("a")
    waits = []
    for _ in range(8):
        room.look()
        now = room.item(item)
        assert (now.state, now.last_error) == ("queued", "The knowledge target does not answer.")
        waits.append(seconds_between(now.updated_at, now.next_at))
        room.clock.advance(waits[-1])
    assert [round(wait / 10) for wait in waits[:1]] == [1]
    for n, wait in enumerate(waits):
        assert 0.8 * min(10 * 2**n, 300) <= wait <= 1.2 * min(10 * 2**n, 300)


def test_an_outage_never_kills_an_item_and_never_touches_the_run() -> None:
    room = PostRoom()
    before = room.ledger.get(Run, "run_1")
    room.target.mood = "down"
    item = room.queue("a")
    for _ in range(50):
        room.look()
        room.clock.advance(400)
    assert room.item(item).state == "queued"
    assert room.ledger.get(Run, "run_1") == before
    assert {(one.severity, one.code) for one in room.ledger.find(Blocker)} == {("warn", "writeback_late")}


def test_there_is_one_alert_for_an_outage_and_one_notice_at_its_end() -> None:
    room = PostRoom()
    room.target.mood = "down"
    for ref in "abc":
        room.queue(ref)
    for _ in range(20):
        room.look()
        room.clock.advance(30)
    assert room.alerts() == ["port.outage"]
    since = room.health().outage_since
    assert since
    assert room.health().state == "down"
    room.settle()
    assert room.alerts() == ["port.outage", "port.recovered"]
    assert room.health().outage_since == ""
    room.target.mood = "down"
    room.queue("d")
    room.look()
    assert room.alerts() == ["port.outage", "port.recovered", "port.outage"]


def test_what_waits_goes_at_once_when_the_target_is_back() -> None:
    room = PostRoom()
    room.target.mood = "down"
    for ref in "abcdef":
        room.queue(ref)
    for _ in range(40):
        room.look()
        room.clock.advance(20)
    room.target.mood = "up"
    while not room.target.effects:  # the next one that is due knocks, and takes all the others along
        room.clock.advance(1)
        room.look()
    assert room.undelivered() == []


def test_a_silent_target_is_knocked_at_seldom_however_much_waits() -> None:
    room = PostRoom()
    room.target.mood = "down"
    for number in range(50):
        room.queue(f"page-{number}")
    for _ in range(100):
        room.look()
        room.clock.advance(0.5)
    assert 2 <= len(room.target.calls) <= 11


def test_one_item_that_always_fails_does_not_hold_up_the_others() -> None:
    room = PostRoom()
    poison = room.queue("poison")
    room.target.mood = "down"
    room.look()
    room.target.mood = "up"
    fine = room.queue("fine")
    room.clock.advance(CAP_S + 1)  # before the first one is due again
    room.look()
    assert room.item(fine).state == "delivered"
    assert room.item(poison).state == "delivered"  # the recovery took it along


def test_another_target_is_not_touched_by_an_outage() -> None:
    room = PostRoom()
    room.target.mood = "down"
    room.queue("a")
    there = room.queue("b", target="memory")
    room.look()
    assert room.item(there).state == "delivered"
    assert room.health("memory").state == "up"


def test_a_short_backoff_can_be_chosen() -> None:
    room = PostRoom()
    room.target.mood = "down"
    item = room.queue("a")
    pause = room.look(lambda tries, key: 0.5)
    assert pause <= 0.5
    room.clock.advance(0.5)
    room.target.mood = "up"
    room.look(lambda tries, key: 0.5)
    assert room.item(item).state == "delivered"


@pytest.mark.parametrize("late_s", [0, 0.3])
def test_the_pause_is_never_longer_than_the_cap_and_never_negative(late_s: float) -> None:
    room = PostRoom()
    assert room.look() == CAP_S
    room.target.mood = "down"
    room.queue("a")
    room.look()
    room.clock.advance(late_s)
    assert 0 <= room.look() <= CAP_S


def test_a_warning_of_a_target_is_said_once_and_ends_with_it() -> None:
    room = PostRoom()

    def warned(warning: str) -> list[str]:
        room.target.warning = warning
        room.queue("a")
        room.look()
        return [blocker.message for blocker in room.ledger.find(Blocker) if blocker.is_open]

    assert warned("") == []
    assert warned("Two of them.") == ["Two of them."]
    assert warned("Two of them.") == ["Two of them."]
    (blocker,) = room.ledger.find(Blocker)
    assert (blocker.severity, blocker.code, blocker.run) == ("warn", "writeback_warned", "run_1")
    assert warned("Three of them.") == ["Three of them."]
    assert warned("") == []
    assert {item.state for item in room.items()} == {"delivered"}


@pytest.mark.parametrize("slow", [False, True])
def test_a_clock_that_is_put_back_delays_nothing(slow: bool) -> None:
    room = PostRoom(slow)
    room.target.mood = "down"
    item = room.queue("a")
    for _ in range(3):
        room.look()
        room.clock.advance(30)
    room.clock.advance(-24 * 3600)
    room.target.mood = "up"
    room.look()
    assert room.item(item).state == ("accepted" if slow else "delivered")
    room.target.arrive()
    room.clock.advance(-24 * 3600)
    room.look()
    assert room.item(item).state == "delivered"
