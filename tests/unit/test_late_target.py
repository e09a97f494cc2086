"""A target whose secret comes late, or changes."""

import pytest

from adapters.late_target import LateProbed, LateTarget
from factory.errors import Missing, Unreachable
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Known, Probed, Receipt, nothing_known
from tests.fakes.knowledge import FakeTarget

ITEM = OutboxItem(id="out_1", run="run_1", target="bookstack", op="page", dedupe_key="k")


class Door(FakeTarget):
    """A target that lets nobody in with the wrong secret."""

    asks = "its version"

    def __init__(self, key: str) -> None:
        super().__init__("bookstack")
        self.key = key
        self.is_closed = False

    def deliver(self, item: OutboxItem, known: Known = nothing_known) -> Receipt:
        if self.key != "right":
            raise Unreachable("BookStack does not let us in.", code="unauthorised")
        return super().deliver(item, known)

    def close(self) -> None:
        self.is_closed = True

    def probe(self) -> str:
        return f"v1 {self.key}"


class Safe:
    """Where the secret is, or not."""

    def __init__(self) -> None:
        self.secret = ""
        self.doors: list[Door] = []

    def open(self) -> Door:
        if not self.secret:
            raise Missing("There is no secret at env:TOKEN.", "Set the environment variable TOKEN.", "no_secret")
        self.doors.append(Door(self.secret))
        return self.doors[-1]


def test_a_missing_secret_is_an_outage_with_that_sentence_until_it_is_there() -> None:
    safe = Safe()
    target = LateTarget("bookstack", safe.open)
    for ask in (lambda: target.deliver(ITEM), lambda: target.confirm(ITEM)):
        with pytest.raises(Unreachable) as caught:
            ask()
        assert caught.value.message == "There is no secret at env:TOKEN. Set the environment variable TOKEN."
        assert caught.value.code == "no_secret"
    safe.secret = "right"
    assert target.deliver(ITEM)[0] == "delivered"
    assert target.confirm(ITEM)
    assert len(safe.doors) == 1


def test_after_it_was_not_let_in_the_secret_is_read_again() -> None:
    safe = Safe()
    safe.secret = "expired"
    target = LateTarget("bookstack", safe.open)
    with pytest.raises(Unreachable):
        target.deliver(ITEM)
    assert safe.doors[0].is_closed
    safe.secret = "right"
    assert target.deliver(ITEM)[0] == "delivered"
    safe.doors[1].mood = "down"
    with pytest.raises(Unreachable):
        target.deliver(ITEM)
    assert not safe.doors[1].is_closed


def test_only_what_can_be_asked_says_so() -> None:
    safe = Safe()
    assert not isinstance(LateTarget("sink:hive", safe.open), Probed)
    target = LateProbed("bookstack", safe.open, "its version")
    assert isinstance(target, Probed)
    with pytest.raises(Unreachable, match="env:TOKEN"):
        target.probe()
    safe.secret = "right"
    assert target.probe() == "v1 right"
