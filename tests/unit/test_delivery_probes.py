"""A target that nothing is written to is asked now and then whether it works."""

from dataclasses import dataclass, field

from factory.errors import Unreachable
from factory.workflow.delivery import deliver_due
from factory.workflow.outbox_asking import PROBE_S
from tests.fakes.knowledge import FakeTarget
from tests.unit.knowledge.post_room import PostRoom, ports_of


class Askable(FakeTarget):
    """A target with a version, that counts how often it is asked."""

    asks = "its version"
    asked = 0

    def close(self) -> None:
        """Nothing is open."""

    def probe(self) -> str:
        """Its version. Raises what its mood is."""
        self.asked += 1
        if self.mood != "up":
            raise Unreachable("BookStack does not let us in (401): the token has expired", code="unauthorised")
        return "24.10"


@dataclass
class Quiet(PostRoom):
    """An outbox with nothing in it."""

    wiki: Askable = field(default_factory=lambda: Askable("bookstack"))

    def pass_by(self, seconds: float) -> None:
        """Look again after so long."""
        self.clock.advance(seconds)
        deliver_due(ports_of(self.clock, self.ledger, self.wiki), self.clock.now())

    def said(self) -> list[str]:
        """What was announced of it."""
        return [e.action for e in self.ledger.events(limit=1000) if e.object == "bookstack" and e.action != "port.seen"]


def test_its_version_and_its_age_are_known_before_anything_is_written() -> None:
    room = Quiet()
    room.pass_by(0)
    health = room.health("bookstack")
    assert (health.state, health.release) == ("up", "24.10")


def test_it_is_not_asked_more_often_than_that() -> None:
    room = Quiet()
    for _ in range(10):
        room.pass_by(PROBE_S / 5)
    assert room.wiki.asked == 2


def test_one_alert_for_credentials_that_expired_and_one_notice_when_they_work_again() -> None:
    room = Quiet()
    room.pass_by(0)
    room.wiki.mood = "down"
    for _ in range(5):
        room.pass_by(PROBE_S + 1)
    assert "expired" in room.health("bookstack").detail
    room.wiki.mood = "up"
    room.pass_by(PROBE_S + 1)
    assert room.said() == ["port.outage", "port.recovered"]
