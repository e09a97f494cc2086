"""Order in the outbox: lanes, items that are only accepted, items that died."""

import json

import pytest

from factory.errors import Refused
from factory.model.blocker import Blocker
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Known, Receipt
from factory.rules.backoff import seconds_between
from factory.workflow.delivery import LEASE_S, deliver_due, take_back_claims
from factory.workflow.outbox_look import CAP_S
from tests.fakes.durable import Crashed
from tests.unit.knowledge.post_room import PostRoom


def written(room: PostRoom) -> list[str]:
    return [json.loads(item.payload)["text"] for item in room.target.effects]


def test_items_of_one_lane_go_in_order_and_wait_for_each_other() -> None:
    room = PostRoom()
    room.queue("page", "one")
    room.queue("page", "two")
    room.queue("page", "three")
    room.target.mood = "down"
    room.look()
    assert len(room.target.calls) == 1
    room.settle()
    assert written(room) == ["one", "two", "three"]
    assert room.target.texts() == {"page": "three"}


def test_a_lane_waits_for_what_is_only_accepted() -> None:
    room = PostRoom(slow=True)
    first, second = room.queue("page", "one"), room.queue("page", "two")
    room.look()
    assert (room.item(first).state, room.item(second).state) == ("accepted", "queued")
    room.target.arrive()
    room.clock.advance(1)
    room.look()
    assert (room.item(first).state, room.item(second).state) == ("delivered", "accepted")


def test_accepted_is_asked_about_less_and_less_often() -> None:
    room = PostRoom(slow=True)
    item = room.queue("page")
    for _ in range(600):
        room.look()
        room.clock.advance(0.5)
    assert room.item(item).state == "accepted"
    assert 6 <= len(room.target.answers) - 1 <= 12


def test_what_the_target_lost_is_sent_again() -> None:
    room = PostRoom(slow=True)
    item = room.queue("page")
    room.look()
    room.target.lose()
    room.clock.advance(1)
    room.look()
    assert (room.item(item).state, room.item(item).last_error) == ("queued", f"There is no {item.id}.")
    room.settle()
    assert len(room.target.effects) == 1


def test_an_accepted_item_survives_an_outage() -> None:
    room = PostRoom(slow=True)
    item = room.queue("page")
    room.look()
    room.target.mood = "down"
    room.clock.advance(2)
    room.look()
    assert room.item(item).state == "accepted"
    assert room.alerts() == ["port.outage"]
    room.settle()
    assert room.alerts() == ["port.outage", "port.recovered"]


def test_a_refused_item_is_dead_with_one_warning_that_ends_with_its_delivery() -> None:
    room = PostRoom()
    room.target.mood = "refusing"
    item = room.queue("page")
    room.look()
    assert room.item(item).state == "dead"
    for _ in range(2):
        room.requeue_dead()
        room.look()
    (warning,) = room.ledger.find(Blocker)
    assert (warning.code, warning.severity, warning.cause_ref, warning.run) == (
        "writeback_dead",
        "warn",
        item.id,
        "run_1",
    )
    assert "will not take it" in warning.message
    assert warning.is_open
    room.settle()
    (warning,) = room.ledger.find(Blocker)
    assert (warning.is_open, warning.resolution) == (False, "delivered")
    assert room.alerts() == []


def test_a_dead_item_holds_its_lane_so_that_it_cannot_overwrite_what_is_newer() -> None:
    room = PostRoom()
    room.target.mood = "refusing"
    room.queue("page", "one")
    room.look()
    room.target.mood = "up"
    second = room.queue("page", "two")
    room.look()
    assert room.item(second).state == "queued"
    room.settle()
    assert written(room) == ["one", "two"]


def test_a_malformed_item_is_dead_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    room = PostRoom()
    item = room.queue("page")

    def malformed(_: OutboxItem, known: Known) -> tuple[str, str]:
        raise Refused("Not a page.", code="malformed")

    monkeypatch.setattr(room.target, "deliver", malformed)
    room.look()
    assert room.item(item).state == "dead"


def test_a_claimed_item_comes_back_when_its_lease_is_over() -> None:
    room = PostRoom()
    item = room.queue("page")
    room.target.dies = "after"
    with pytest.raises(Crashed):
        room.look()
    assert room.item(item).state == "in_flight"
    assert room.look() <= CAP_S
    assert room.item(item).state == "in_flight"
    room.clock.advance(LEASE_S)
    room.look()
    assert room.item(item).state == "delivered"
    assert len(room.target.calls) == 2
    assert len(room.target.effects) == 1


def test_the_next_only_worker_takes_back_at_once_what_a_killed_one_had_claimed() -> None:
    room = PostRoom()
    item = room.queue("page")
    room.target.dies = "after"
    with pytest.raises(Crashed):
        room.look()
    take_back_claims(room.ports)
    room.look()
    assert room.item(item).state == "delivered"
    assert len(room.target.effects) == 1


def test_a_worker_that_was_too_slow_changes_nothing_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    room = PostRoom()
    item = room.queue("page")
    deliver = room.target.deliver

    def slowly(claimed: OutboxItem, known: Known) -> Receipt:
        monkeypatch.setattr(room.target, "deliver", deliver)
        room.clock.advance(LEASE_S + 1)
        room.look()  # another worker takes it back and delivers it
        return deliver(claimed, known)

    monkeypatch.setattr(room.target, "deliver", slowly)
    room.look()
    assert room.item(item).state == "delivered"
    confirmed = [event for event in room.ledger.events() if event.action == "outbox.confirm"]
    assert len(confirmed) == 1


def test_items_of_a_target_that_is_not_there_wait() -> None:
    room = PostRoom()
    item = room.queue("page", target="mission")
    assert room.look() == CAP_S
    assert room.item(item).state == "queued"


def test_what_an_operator_did_goes_before_all_else() -> None:
    room = PostRoom()
    room.queue("one")
    room.queue_op("decide", "two")
    room.look()
    assert [item.op for item in room.target.effects] == ["decide", "page"]


def test_a_target_that_names_a_time_is_left_alone_until_then() -> None:
    room = PostRoom()
    item = room.queue("page")
    room.target.mood, room.target.after_s = "down", 100.0
    room.look(lambda tries, key: 1.0)
    assert 99 < seconds_between(room.clock.now(), room.item(item).next_at) <= 100


def test_garbage_from_a_target_kills_nothing() -> None:
    room = PostRoom()
    item = room.queue("page")
    room.target.mood = "garbled"
    room.look()
    assert room.item(item).state == "queued"
    assert room.alerts() == ["port.outage"]


def test_a_look_for_one_target_leaves_the_others_alone() -> None:
    room = PostRoom()
    page, note = room.queue("page"), room.queue("note", target="memory")
    deliver_due(room.ports, room.clock.now(), target="memory")
    assert (room.item(page).state, room.item(note).state) == ("queued", "delivered")


def test_a_target_is_told_where_the_last_item_of_a_lane_went() -> None:
    room = PostRoom()
    first = room.queue("page", "one")
    room.look()
    room.queue("page", "two")
    room.look()
    assert room.target.told == ["", room.item(first).remote_ref]
