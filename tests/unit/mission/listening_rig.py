"""A run, what is mirrored of it, and whoever listens to the Mission Control, in memory and with one clock.

The stream is fed frame by frame: nothing waits, and nothing runs beside the test.
"""

from collections.abc import Callable
from typing import Any

from adapters.mission.client import open_mission
from adapters.mission.mirror import MissionMirror
from adapters.mission.mirror_stream import Lost, Opened
from adapters.mission.wire import WireEvent
from factory.errors import Unreachable
from factory.model.blocker import Blocker
from factory.model.outbox import PortHealth
from factory.model.request import Request
from factory.model.thread import Message
from factory.rules.proposals import PROPOSALS
from factory.workflow.incoming import Incoming, Listening
from factory.workflow.proposing import Proposals
from factory.workflow.remarks import Remarks
from factory.workflow.requested import Requests
from tests.support.fake_mission_control import PASSWORD, URL
from tests.support.mission_control.rows import Row
from tests.unit.mission.rig import RUN, Rig


class ListeningRig(Rig):
    """`look` writes there, `listen` takes in what came from there."""

    def __init__(self, mc_ref: str = "", launch: Callable[[Request], object] | None = None, repo: str = "") -> None:
        super().__init__(mc_ref)
        self.launch, self.repo = launch, repo
        self.listener = self.new_listener()

    def new_listener(self) -> MissionMirror:
        """As a worker that starts makes it."""
        incoming = Incoming(
            requests=Requests(self.ledger, self.clock, URL, "cockpit", self.repo, self.launch),
            proposals=Proposals(self.ledger, self.clock),
            remarks=Remarks(self.ledger),
            seen=Listening(self.ledger, self.clock),
        )
        http = self.fake.transport()
        client = open_mission(URL, "operator1", lambda: PASSWORD, http, self._seconds)
        return MissionMirror(client, incoming, "cockpit", self._seconds, self._seconds, lambda: 1.0)

    def connect(self) -> None:
        """The stream is there."""
        self.fake.overhear = self._tell
        self.listener.hear(Opened())

    def cut(self) -> None:
        """The stream is lost."""
        self.fake.overhear = lambda _: None
        self.listener.hear(Lost(Unreachable("The line is cut.")))

    def _tell(self, frame: bytes) -> None:
        data = frame.removeprefix(b"data: ").strip()
        self.listener.hear(WireEvent.model_validate_json(data).to_domain())

    def listen(self, times: int = 2, apart_s: float = 0.3) -> None:
        """Steps of the listener."""
        for _ in range(times):
            self.listener.stir()
            self.listener.step()
            self.clock.advance(apart_s)

    def ask(self, title: str = "Fix the report", by: str = "Ana", **fields: Any) -> Row:
        """Somebody makes a task there that waits for us."""
        with self.fake.turn:
            return self.fake.books.create({"title": title, "assigned_to": "cockpit", **fields}, by)

    def change(self, id: int, by: str = "ana", **fields: Any) -> None:
        """Somebody changes a task there."""
        with self.fake.turn:
            self.fake.books.update(id, fields, by)

    def requests(self, state: str = "open") -> list[Request]:
        """Of this state."""
        return list(self.ledger.find(Request, state=state))

    def proposals(self) -> list[str]:
        """Codes of those that are open."""
        return [one.code for code in PROPOSALS for one in self.ledger.find(Blocker, code=code) if one.is_open]

    def proposal(self) -> Blocker:
        """The one that is open."""
        (one,) = (b for code in PROPOSALS for b in self.ledger.find(Blocker, code=code) if b.is_open)
        return one

    def notes(self) -> list[Message]:
        """Of the run's thread, from there."""
        return [message for message in self.ledger.find(Message, run=RUN, kind="note") if message.external_ref]

    def health(self) -> PortHealth:
        """Of the port."""
        return self.ledger.get(PortHealth, "mission")

    def mirrored(self) -> Row:
        """The run works, and its goal is there; the listener knows it."""
        self.start()
        self.look(2)
        self.connect()
        self.listen()
        return self.goal
