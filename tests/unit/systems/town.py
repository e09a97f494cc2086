"""A run of the real workflow, and every real system around it as a fake behind its faults: in memory, on one clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

import httpx

from adapters.knowledge.bookstack import BookStackTarget
from adapters.knowledge.bookstack_book import Book
from adapters.knowledge.bookstack_client import BookStackClient
from adapters.memory.lightrag import AT_ONCE, LightRagTarget
from adapters.memory.lightrag_client import LightRagClient
from adapters.memory.with_lightrag import MemoryWithLightRag
from adapters.mission.client import open_mission
from adapters.mission.target import MissionTarget
from adapters.mission.verdicts import Verdicts
from adapters.pace import Pace
from factory.model.outbox import OutboxItem
from factory.operations.decide import approve
from factory.ports.agents import AgentResult, AgentTask
from factory.ports.knowledge import Target
from factory.rules.backoff import seconds_between
from factory.workflow.contradictions import Contradictions
from factory.workflow.delivery import deliver_due, take_back_claims
from factory.workflow.mirroring import Mirror
from tests.fakes.clock import START
from tests.fakes.knowledge import FakeMemory
from tests.support.fake_bookstack import TOKEN, FakeBookStack
from tests.support.fake_lightrag import KEY, FakeLightRag
from tests.support.fake_mission_control import PASSWORD, URL, FakeMissionControl
from tests.support.faults import Fault, Faults, faulty
from tests.unit.workflow.floor import Floor, Turn, says, write

Stage = Literal["start", "build", "request", "verify", "qa", "closing", "written"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""A run enters them in this order; in `written` it is done, and what it wrote at last is on its way."""
System = Literal["mission", "bookstack", "lightrag"]
SYSTEMS: tuple[System, ...] = get_args(System)
COPIES = {"page": ("bookstack",), "remember": ("lightrag",), "goal": ("mission",)}
LOOK_S = 31.0
"""Between two looks: longer than any retry here, and than the silence after which a system is asked how it is."""


@dataclass(frozen=True)
class Outage:
    """How a system fails, and from which stage on."""

    fault: Fault
    begins: Stage
    is_short: bool = False
    """It is over when the next stage begins; else it lasts until the test ends it."""
    has_effect: bool = False

    def is_on(self, stage: Stage) -> bool:
        """Whether it fails in a stage."""
        now, then = STAGES.index(stage), STAGES.index(self.begins)
        return now == then if self.is_short else now >= then


class Town:
    """A floor, the three systems, and the worker between them."""

    def __init__(self, home: Path, outages: Mapping[System, Outage], killed_in: Stage | None = None) -> None:
        self.floor = Floor(home)
        self._outages = outages
        self._killed_in = killed_in
        self.mission, self.wiki, self.rag = FakeMissionControl(self._seconds), FakeBookStack(), FakeLightRag()
        self.faults: Mapping[System, Faults] = dict(
            zip(SYSTEMS, (self.mission.faults, Faults(), Faults()), strict=True)
        )
        self._own_memory = FakeMemory()
        self.open_worker()

    def open_worker(self) -> None:
        """A worker of its own, which knows nothing but what is in the ledger."""
        floor = self.floor
        targets: Sequence[Target] = (self._mission(), self._bookstack(), self._lightrag())
        floor.ports = replace(
            floor.ports,
            targets={target.name: target for target in targets},
            copies=COPIES,
            at_once={"lightrag": AT_ONCE},
            memory=MemoryWithLightRag(self._own_memory, self._rag_client(), 1.0),
        )
        floor.forget()
        self._mirror = Mirror(floor.ports)

    async def play(self) -> None:
        """A goal becomes done, whatever fails."""
        floor = self.floor
        floor.agents.coder = [self._entering("build", write("right"))]
        floor.agents.verifier = [self._entering("verify", says("pass", ["has calc.py right"]))]
        self.enter("start")
        floor.launch()
        self.look()
        await floor.go()
        self.enter("request")
        floor.on_wait = [floor.press_v]
        await floor.go()
        self.enter("qa")
        approve(floor.ports, floor.run_id, floor.gate.package_digest)
        self.enter("closing")
        await floor.go()
        self.enter("written")

    def enter(self, stage: Stage) -> None:
        """A stage begins, and takes a while; in one of them there is another worker after that."""
        for name, outage in self._outages.items():
            if outage.is_on(stage):
                self.faults[name].set(outage.fault, has_effect=outage.has_effect)
            else:
                self.faults[name].clear()
        self.look()
        if stage == self._killed_in:
            take_back_claims(self.floor.ports)
            self.open_worker()
            self.look()

    def look(self, times: int = 1) -> None:
        """Passes of the worker's threads, one after the other; the systems go on meanwhile."""
        for _ in range(times):
            self._mirror.look()
            for name in SYSTEMS:
                deliver_due(self.floor.ports, self.floor.clock.now(), lambda _tries, _id: 1.0, target=name)
            self.rag.documents.work()
            self.floor.clock.advance(LOOK_S)

    def settle(self) -> None:
        """Everything works again, and time passes, until all is there and every system was heard of."""
        for faults in self.faults.values():
            faults.clear()
        for _ in range(40):
            self.look()
            if {item.state for item in self.items()} == {"delivered"}:
                return self.look(2)
        raise AssertionError([item for item in self.items() if item.state != "delivered"])

    def items(self, target: str = "") -> list[OutboxItem]:
        """What was queued for the systems, oldest first."""
        found = self.floor.ledger.find(OutboxItem)
        return [item for item in found if item.target in ((target,) if target else SYSTEMS)]

    def alerts(self) -> dict[str, list[str]]:
        """What was announced of each system, oldest first."""
        told: dict[str, list[str]] = {}
        for event in self.floor.ledger.events(limit=1_000_000):
            if event.action in ("port.outage", "port.recovered"):
                told.setdefault(event.object, []).append(event.action)
        return told

    def _entering(self, stage: Stage, turn: Turn) -> Turn:
        def entered(task: AgentTask) -> AgentResult:
            self.enter(stage)
            return turn(task)

        return entered

    def _seconds(self) -> float:
        return datetime.fromisoformat(self.floor.clock.now()).timestamp()

    def _mission(self) -> Target:
        client = open_mission(URL, "operator1", lambda: PASSWORD, self.mission.transport(), self._seconds)
        told = Contradictions(self.floor.ledger, self.floor.clock)
        return MissionTarget(client, "cockpit", "", told, Verdicts(client, self._seconds))

    def _bookstack(self) -> Target:
        def answer(request: httpx.Request) -> httpx.Response:
            self.wiki.now = datetime.fromtimestamp(self._seconds(), UTC)
            return self.wiki.answer(request)

        pace = Pace(2.0, 12, self._seconds, self.floor.clock.advance)
        transport = faulty(answer, self.faults["bookstack"])
        client = BookStackClient("http://wiki.test", TOKEN, pace=pace, transport=transport)
        return BookStackTarget(client, Book(client, "Cockpit", "Factory"))

    def _lightrag(self) -> Target:
        clock: Callable[[], float] = lambda: seconds_between(START, self.floor.clock.now())  # noqa: E731
        return LightRagTarget(self._rag_client(), "shop", clock)

    def _rag_client(self) -> LightRagClient:
        transport = faulty(self.rag.answer, self.faults["lightrag"])
        return LightRagClient("http://memory.test", lambda: KEY, transport=transport)
