"""An outbox whose only target is a LightRAG in memory, behind its faults; time passes only here."""

from dataclasses import replace

from adapters.memory.lightrag import AT_ONCE, LightRagTarget
from adapters.memory.lightrag_client import LightRagClient
from factory.model.outbox import OutboxItem, PortHealth
from factory.model.run import Run
from factory.model.states import after
from factory.rules.backoff import seconds_between
from factory.rules.outbox import outbox_item
from factory.workflow.delivery import deliver_due
from tests.fakes.clock import START, FixedClock
from tests.fakes.ledger import MemoryLedger
from tests.support.fake_lightrag import KEY, FakeLightRag
from tests.support.faults import Faults, faulty
from tests.unit.knowledge.post_room import ports_of


class LightRagRoom:
    """One run whose lessons go to a LightRAG."""

    def __init__(self) -> None:
        self.clock = FixedClock()
        self.ledger = MemoryLedger(self.clock)
        self.server, self.faults = FakeLightRag(), Faults()
        self.ledger.write("operator", lambda tx: tx.put(Run(id="run_1", goal="g", state="closing"), "run.start"))
        self.queued: list[OutboxItem] = []
        self.start_worker()

    def start_worker(self) -> None:
        """A new worker, which remembers nothing."""
        client = LightRagClient("http://memory.test", lambda: KEY, transport=faulty(self.server.answer, self.faults))
        target = LightRagTarget(client, "shop", clock=lambda: seconds_between(START, self.clock.now()))
        self.ports = replace(ports_of(self.clock, self.ledger, target), at_once={"lightrag": AT_ONCE})
        self.target = target

    def queue(self, text: str = "Parts must add up") -> OutboxItem:
        """Queue one lesson."""
        number = len(self.queued)
        note = {"id": f"run_{number}-lesson", "title": "", "text": text, "run": f"run_{number}", "kind": "postflight"}
        item = outbox_item("run_1", "lightrag", "remember", note)
        stored = self.ledger.write("worker", lambda tx: tx.put(item, "outbox.queue"))
        assert stored is not None
        self.queued.append(stored)
        return stored

    def look(self) -> None:
        """One pass of the worker."""
        deliver_due(self.ports, self.clock.now())

    def live(self, seconds: float, step_s: float = 1.0) -> None:
        """Let worker and server go on for a while."""
        for _ in range(round(seconds / step_s)):
            self.look()
            self.server.documents.work()
            self.clock.advance(step_s)

    def recover(self) -> None:
        """Everything works again, and time passes, until nothing is left to do."""
        self.faults.clear()
        documents = self.server.documents
        documents.llm_down = documents.embedding_down = self.server.clearing = self.server.recovery_required = False
        documents.poison = ""
        for _ in range(60):
            for item in self.ledger.find(OutboxItem, state="dead"):
                self.ledger.write("operator", lambda tx, item=item: tx.put(after(item, "requeue"), "outbox.requeue"))  # type: ignore[misc]
            self.live(120, step_s=10)
            if {item.state for item in self.items()} <= {"delivered"}:
                return
        raise AssertionError(f"never delivered: {[item for item in self.items() if item.state != 'delivered']}")

    def items(self) -> list[OutboxItem]:
        """The outbox, oldest first."""
        return list(self.ledger.find(OutboxItem))

    def states(self) -> list[str]:
        """How far each item is."""
        return [item.state for item in self.items()]

    def documents(self) -> list[tuple[str, str]]:
        """Name and state of every document there, oldest first."""
        return [(each["file_path"], each["status"]) for each in self.server.documents.stored.values()]

    def alerts(self) -> list[str]:
        """Outages and recoveries as they were announced."""
        events = self.ledger.events(limit=1_000_000)
        return [event.action for event in events if event.action in ("port.outage", "port.recovered")]

    def health(self) -> PortHealth:
        """What is known of the server."""
        return self.ledger.get(PortHealth, "lightrag")
