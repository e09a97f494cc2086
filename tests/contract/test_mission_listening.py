"""Listening to a Mission Control over a real socket, with the threads of the worker: change there, row here."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import pytest

from adapters.http import open_client
from adapters.mission import mirror as mirror_module
from adapters.mission import mirror_threads
from adapters.mission.client import open_mission
from adapters.mission.mirror import MissionMirror
from adapters.mission.mirror_stream import Heard, Lost, MissionStream, Opened
from adapters.mission.mirror_threads import MissionThreads
from factory.model.mission import MissionEvent
from factory.model.outbox import PortHealth
from factory.model.request import Request
from factory.ports.ledger import Transaction
from factory.workflow.incoming import Incoming, Listening
from factory.workflow.proposing import Proposals
from factory.workflow.remarks import Remarks
from factory.workflow.requested import Requests
from tests.fakes.clock import FixedClock
from tests.fakes.ledger import MemoryLedger
from tests.support.fake_mission_control import KEY, PASSWORD, FakeMissionControl

PATIENCE_S = 50.0
"""Shorter than the time between two polls, which would find everything too."""


class ToldLedger(MemoryLedger):
    """A ledger that says when it was written."""

    def __init__(self, clock: FixedClock) -> None:
        super().__init__(clock)
        self.written = threading.Condition()

    def write(self, actor: str, work: Callable[[Transaction], Any], key: str = "") -> Any:
        """Write, and tell."""
        result = super().write(actor, work, key)
        with self.written:
            self.written.notify_all()
        return result

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for a write after which this holds."""
        with self.written:
            assert self.written.wait_for(holds, PATIENCE_S)


@dataclass
class Stage:
    """A served Mission Control, and a worker's threads that listen to it."""

    fake: FakeMissionControl
    url: str
    ledger: ToldLedger = field(default_factory=lambda: ToldLedger(FixedClock()))

    def listener(self, user: str = "operator1") -> MissionThreads:
        incoming = Incoming(
            requests=Requests(self.ledger, FixedClock(), self.url, "cockpit"),
            proposals=Proposals(self.ledger, FixedClock()),
            remarks=Remarks(self.ledger),
            seen=Listening(self.ledger, FixedClock()),
        )
        secret = PASSWORD if user else KEY
        self.client = open_mission(self.url, user, lambda: secret)
        return MissionThreads(self.client, partial(MissionMirror, incoming=incoming, assignee="cockpit"))

    def stop(self, threads: MissionThreads) -> None:
        """End them at once, although nobody hangs up."""
        threads.stop(PATIENCE_S)
        assert "mission stream" not in [thread.name for thread in threading.enumerate()]
        self.client.close()

    def follow(self, hear: Callable[[Heard], None]) -> bool:
        """The stream alone, in this thread."""
        client = open_mission(self.url, "operator1", lambda: PASSWORD)
        try:
            return MissionStream(client.http, hear).follow()
        finally:
            client.close()

    def ask(self, title: str) -> None:
        """Somebody makes a task there."""
        with self.fake.turn:
            self.fake.books.create({"title": title, "assigned_to": "cockpit"}, "Ana")

    def goals(self) -> set[str]:
        return {request.goal for request in self.ledger.find(Request, state="open")}

    def is_up(self) -> bool:
        return any(port.state == "up" for port in self.ledger.find(PortHealth))


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(mirror_threads, "FIRST_S", 0.01)
    fake = FakeMissionControl()
    with fake.served() as url:
        yield Stage(fake, url)
        fake.hang_up()


@pytest.fixture(params=["operator1", ""], ids=["session", "key"])
def listening(request: pytest.FixtureRequest, stage: Stage) -> Iterator[MissionThreads]:
    threads = stage.listener(request.param)
    threads.start()
    yield threads
    stage.stop(threads)


@pytest.mark.usefixtures("listening")
def test_a_change_there_is_a_row_here_without_waiting_for_a_poll(stage: Stage) -> None:
    stage.ask("Before")
    stage.ledger.until(lambda: stage.goals() == {"Before"} and stage.fake.listeners == 1)
    for number in range(5):
        stage.ask(f"Task {number}")
        stage.ledger.until(lambda number=number: f"Task {number}" in stage.goals())  # type: ignore[misc]
    assert stage.fake.sins == []


@pytest.mark.usefixtures("listening")
def test_a_line_that_is_cut_is_connected_again_and_nothing_is_missed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror_module, "FALLBACK_S", 3600.0)
    stage.ask("First")
    stage.ledger.until(lambda: "First" in stage.goals())
    for number in range(3):
        with stage.fake.turn:
            stage.fake.hang_up()
            stage.ask(f"While nobody hears {number}")
        stage.ledger.until(lambda number=number: f"While nobody hears {number}" in stage.goals())  # type: ignore[misc]


@pytest.mark.usefixtures("listening")
def test_with_the_shared_key_our_own_noise_is_no_loop(stage: Stage) -> None:
    stage.ask("Once")
    stage.ledger.until(lambda: stage.goals() == {"Once"})
    assert len(stage.fake.calls) < 60


def test_the_stream_says_that_it_is_there_and_that_it_is_lost(stage: Stage) -> None:
    heard: list[Heard] = []

    def hear(one: Heard) -> None:
        heard.append(one)
        if isinstance(one, Opened):
            stage.ask("Line\u2028separator")
            stage.fake.tell("security.event", {"id": 1})
            stage.fake.tell("task.updated", {"id": "no number"})
            stage.fake.hang_up()

    assert stage.follow(hear)
    assert isinstance(heard[0], Opened)
    events = [one for one in heard if isinstance(one, MissionEvent)]
    assert [one.type for one in events] == ["connected", "activity.created", "task.created", "task.updated"]
    assert events[2].data["title"] == "Line\u2028separator"
    assert isinstance(heard[-1], Lost)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("refuse", "does not answer"),
        ("unauthorised", "does not let"),
        ("web_page", "without a session"),
        ("busy", "429"),
    ],
)
def test_a_stream_that_cannot_be_had_is_lost_with_its_reason(stage: Stage, kind: Any, words: str) -> None:
    heard: list[Heard] = []
    stage.fake.faults.set(kind)
    assert not stage.follow(heard.append)
    (lost,) = heard
    assert isinstance(lost, Lost)
    assert words in lost.error.message


def test_a_stream_is_read_as_utf8_whatever_charset_it_names() -> None:
    heard: list[Heard] = []
    said = 'data: {"type":"task.created","data":{"title":"Grüße"}}\n\n'.encode()
    headers = {"content-type": "text/event-stream; charset=hex"}
    answer = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, content=said))
    with open_client("http://mission.test", transport=answer) as http:
        assert MissionStream(http, heard.append).follow()
    event = heard[1]
    assert isinstance(event, MissionEvent)
    assert event.data["title"] == "Grüße"


def test_a_line_without_an_end_is_given_up(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.mission.mirror_stream.MAX_CHARS", 1000)
    heard: list[Heard] = []

    def hear(one: Heard) -> None:
        heard.append(one)
        if isinstance(one, Opened):
            stage.fake.tell("run.created", {"steps": "x" * 200_000})

    assert stage.follow(hear)
    lost = heard[-1]
    assert isinstance(lost, Lost)
    assert "does not end" in lost.error.message


def test_a_listener_that_is_started_again_goes_on_with_its_threads(stage: Stage) -> None:
    threads = stage.listener()
    threads.start()
    threads.start()
    stage.ledger.until(stage.is_up)
    stage.ledger.until(lambda: stage.fake.listeners == 1)
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith("mission ")]
    assert sorted(names) == ["mission mirror", "mission stream"]
    stage.stop(threads)
    assert [path for _, path in stage.fake.calls].count("/api/auth/login") <= 2  # both threads may be the first
