"""An outbox with everything around it in memory, whose worker can be killed at any ledger write or delivery."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from factory.model.outbox import OutboxItem, PortHealth
from factory.model.run import Run
from factory.model.states import after
from factory.ports.bundle import Ports
from factory.ports.clock import Clock
from factory.ports.knowledge import Known, Receipt, Target, nothing_known
from factory.ports.ledger import Ledger, Transaction
from factory.rules.backoff import backoff
from factory.rules.outbox import outbox_item
from factory.workflow.delivery import deliver_due
from tests.fakes.clock import FixedClock
from tests.fakes.durable import Crashed
from tests.fakes.knowledge import FakeTarget
from tests.fakes.ledger import MemoryLedger

T = TypeVar("T")
Moment = Literal["before", "after"]


def ports_of(clock: Clock, ledger: Ledger, *targets: Target) -> Ports:
    """Ports of which only those are there that delivery may need."""
    nobody: Any = None
    return Ports(
        clock=clock,
        ledger=ledger,
        workspace=nobody,
        agents=nobody,
        checks=nobody,
        evidence=nobody,
        memory=nobody,
        pages=nobody,
        prompts=nobody,
        router=nobody,
        workers=nobody,
        inside_agent=lambda: "",
        targets={target.name: target for target in targets},
    )


class MortalLedger(MemoryLedger):
    """A ledger whose writer is killed before or after the write that `die_at` counts down to."""

    die_at = 0
    moment: Moment = "before"

    def write(self, actor: str, work: Callable[[Transaction], T], key: str = "") -> T | None:
        """Write, unless it is time to die. Raises `Crashed`."""
        self.die_at -= 1
        if self.die_at == 0 and self.moment == "before":
            raise Crashed
        result = super().write(actor, work, key)
        if self.die_at == 0:
            raise Crashed
        return result


class MortalTarget(FakeTarget):
    """A target whose caller is killed before or after its next effect, when `dies` says so."""

    dies: Moment | None = None

    def deliver(self, item: OutboxItem, known: Known = nothing_known) -> Receipt:
        """Deliver, unless it is time to die. Raises `Crashed`."""
        moment, self.dies = self.dies, None
        if moment == "before":
            raise Crashed
        answer = super().deliver(item, known)
        if moment == "after":
            raise Crashed
        return answer


@dataclass
class PostRoom:
    """One run, its outbox and its targets."""

    slow: bool = False
    clock: FixedClock = field(default_factory=FixedClock)

    def __post_init__(self) -> None:
        self.ledger = MortalLedger(self.clock)
        self.target = MortalTarget("knowledge", self.slow)
        self.other = FakeTarget("memory")
        self.ledger.write("operator", lambda tx: tx.put(Run(id="run_1", goal="g", state="closing"), "run.start"))
        self.queued: list[OutboxItem] = []

    @property
    def ports(self) -> Ports:
        """What delivery needs."""
        return ports_of(self.clock, self.ledger, self.target, self.other)

    def queue(self, ref: str, text: str = "", order_key: str | None = None, target: str = "knowledge") -> OutboxItem:
        """Queue one page (one lane per `ref`, unless told otherwise)."""
        text = text or f"version {len(self.queued)}"
        item = outbox_item("run_1", target, "page", {"ref": ref, "text": text}, ref if order_key is None else order_key)
        return self._store(item)

    def queue_op(self, op: str, ref: str) -> OutboxItem:
        """Queue another operation on the knowledge target."""
        return self._store(outbox_item("run_1", "knowledge", op, {"ref": ref, "text": ""}))

    def _store(self, item: OutboxItem) -> OutboxItem:
        stored = self.ledger.write("worker", lambda tx: tx.put(item, "outbox.queue"))
        assert stored is not None
        self.queued.append(stored)
        return stored

    def look(self, retry_s: Callable[[int, str], float] = backoff) -> float:
        """One pass of the worker."""
        return deliver_due(self.ports, self.clock.now(), retry_s)

    def look_and_maybe_die(self) -> None:
        """One pass of a worker that may be killed in it."""
        with suppress(Crashed):
            self.look()
        self.ledger.die_at = 0
        self.target.dies = None

    def requeue_dead(self) -> None:
        """What the operator does about dead items."""
        for item in self.ledger.find(OutboxItem, state="dead"):
            self.ledger.write("operator", lambda tx, item=item: tx.put(after(item, "requeue"), "outbox.requeue"))  # type: ignore[misc]

    def settle(self) -> None:
        """Everything works again, and time passes, until nothing is left to do."""
        self.target.mood = "up"
        for _ in range(60):
            self.requeue_dead()
            self.target.arrive()
            self.look()
            self.clock.advance(400)
            if not self.undelivered():
                return
        raise AssertionError(f"never delivered: {self.undelivered()}")

    def undelivered(self) -> list[OutboxItem]:
        """Items that have not arrived."""
        return [item for item in self.items() if item.state != "delivered"]

    def items(self) -> Sequence[OutboxItem]:
        """The outbox as the ledger has it, oldest first."""
        return self.ledger.find(OutboxItem)

    def item(self, of: OutboxItem) -> OutboxItem:
        """An item as it is now."""
        return self.ledger.get(OutboxItem, of.id)

    def alerts(self) -> list[str]:
        """Outages and recoveries of the knowledge target as they were announced, oldest first."""
        said = self.ledger.events(limit=1_000_000)
        return [e.action for e in said if e.action in ("port.outage", "port.recovered") and e.object == "knowledge"]

    def health(self, port: str = "knowledge") -> PortHealth:
        """What is known of a port."""
        return self.ledger.get(PortHealth, port)
