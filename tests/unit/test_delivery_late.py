"""What has been on its way for an hour is said, once for each item, until it has arrived."""

import pytest

from factory.model.blocker import Blocker
from factory.model.outbox import OutboxItem
from factory.model.run import Run
from factory.workflow.outbox import LATE_S
from tests.unit.knowledge.post_room import PostRoom

SOON_S = 300.0


def warnings(room: PostRoom, code: str = "writeback_late") -> list[Blocker]:
    return [one for one in room.ledger.find(Blocker, code=code) if one.is_open]


def pass_time(room: PostRoom, seconds: float) -> None:
    """The worker looks now and then."""
    for _ in range(int(seconds / SOON_S)):
        room.clock.advance(SOON_S)
        room.look()


def waiting(room: PostRoom, ref: str = "a") -> OutboxItem:
    room.target.mood = "down"
    return room.queue(ref)


def test_an_item_that_waits_for_an_hour_is_one_warning_of_its_run() -> None:
    room = PostRoom()
    before = room.ledger.get(Run, "run_1")
    item = waiting(room)
    pass_time(room, LATE_S - 2 * SOON_S)
    assert warnings(room) == []
    pass_time(room, 5 * LATE_S)
    (warning,) = warnings(room)
    assert (warning.severity, warning.run, warning.cause_ref) == ("warn", "run_1", item.id)
    assert warning.message == (
        f"knowledge has not taken page {item.id} for more than an hour: The knowledge target does not answer."
    )
    assert room.ledger.get(Run, "run_1") == before


def test_it_is_over_when_the_item_arrives() -> None:
    room = PostRoom()
    waiting(room)
    pass_time(room, 2 * LATE_S)
    room.settle()
    assert [(one.code, one.resolution) for one in room.ledger.find(Blocker)] == [("writeback_late", "delivered")]


def test_a_document_in_work_for_an_hour_is_said_too() -> None:
    room = PostRoom(slow=True)
    item = room.queue("a")
    room.look()
    pass_time(room, LATE_S + SOON_S)
    assert room.item(item).state == "accepted"
    (warning,) = warnings(room)
    assert warning.message == f"knowledge took page {item.id} more than an hour ago, and is not done with it."
    room.settle()
    assert warnings(room) == []


def test_each_late_item_is_said_but_not_what_waits_behind_it() -> None:
    room = PostRoom()
    first, other = waiting(room, "a"), waiting(room, "b")
    room.queue("a")
    pass_time(room, 2 * LATE_S)
    assert sorted(one.cause_ref for one in warnings(room)) == sorted([first.id, other.id])


def test_an_item_that_is_given_up_is_dead_and_no_longer_late() -> None:
    room = PostRoom()
    waiting(room)
    pass_time(room, 2 * LATE_S)
    room.target.mood = "refusing"
    pass_time(room, SOON_S)
    assert warnings(room) == []
    assert len(warnings(room, "writeback_dead")) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_is_killed_then_says_it_no_second_time(moment: str) -> None:
    room = PostRoom()
    waiting(room)
    pass_time(room, LATE_S - SOON_S)
    room.clock.advance(SOON_S)
    for die_at in range(1, 6):
        room.ledger.die_at, room.ledger.moment = die_at, moment  # type: ignore[assignment]
        room.look_and_maybe_die()
        room.clock.advance(1)
    pass_time(room, SOON_S)
    assert len(warnings(room)) == 1
    assert len(room.ledger.find(Blocker)) == 1
