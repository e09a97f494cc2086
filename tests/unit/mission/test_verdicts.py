"""A verdict of ours is the one that counts there, though verdicts of one second tie and the older wins."""

import pytest

from adapters.mission.client import open_mission
from adapters.mission.verdicts import Verdicts
from factory.errors import Unreachable
from tests.support.fake_mission_control import PASSWORD, URL, FakeMissionControl


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("ahead_s", [0, 100, -100])
def test_after_a_verdict_of_somebody_else_ours_counts_whatever_the_two_clocks_say(ahead_s: float) -> None:
    server = Clock()
    fake = FakeMissionControl(server)
    client = open_mission(URL, "operator1", lambda: PASSWORD, fake.transport())
    verdicts = Verdicts(client, lambda: server.now + ahead_s)
    fake.books.create({"title": "gate", "status": "quality_review"}, "Ana")
    fake.books.review({"taskId": 1, "status": "rejected", "notes": "no"})
    with pytest.raises(Unreachable) as raised:
        verdicts.give(1, "approved", "Approved here.", "gat_1")
    assert raised.value.code == "not_yet"
    server.now += raised.value.after_s
    verdicts.give(1, "approved", "Approved here.", "gat_1")
    assert fake.books.is_approved(1)
    before = len(fake.books.reviews)
    verdicts.give(1, "approved", "Approved here.", "gat_1")
    assert len(fake.books.reviews) == before, "it is there, and counts"


def test_a_first_verdict_waits_for_nothing_and_is_given_once() -> None:
    fake = FakeMissionControl()
    client = open_mission(URL, "operator1", lambda: PASSWORD, fake.transport())
    fake.books.create({"title": "gate", "status": "quality_review"}, "Ana")
    for _ in range(2):
        Verdicts(client).give(1, "approved", "Approved here.", "gat_1")
    assert [review["notes"] for review in fake.books.reviews] == ["Approved here. [gat_1]"]
    assert fake.books.tasks[1]["status"] == "done"
