"""What one look at the outbox has in its hands: what waits, who is silent, and how it writes down what it saw."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from factory.errors import Refused, SourceError, Unreachable
from factory.model.outbox import OutboxItem, OutboxState, PortHealth
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.rules.backoff import later, seconds_between
from factory.rules.outbox import NOT_YET
from factory.workflow.outbox import arrive, ask_later, move_item
from factory.workflow.port_health import saw_down, saw_up

T = TypeVar("T")

Backoff = Callable[[int, str], float]
"""Seconds to wait after failure number n of the item with this id."""

WORKER = "worker"
CAP_S = 5.0
"""The longest pause between two looks, so that a target that is back is noticed soon."""


@dataclass
class Look:
    """One look. What it read counts until it writes: what others queue meanwhile is for the next one."""

    ports: Ports
    now: str
    """When it began."""
    backoff: Backoff
    targets: frozenset[str]
    """Those whose items are looked at."""
    silent: dict[str, str] = field(default_factory=dict)
    """Targets in an outage, with the time at which they were last tried."""
    seen: dict[str, str] = field(default_factory=dict)
    """When each target was heard of last."""
    back: list[str] = field(default_factory=list)
    """Targets whose outage ended in this look."""
    _read: dict[OutboxState, list[OutboxItem]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = self.ports.ledger.find(PortHealth)
        self.silent = {port.id: port.seen_at for port in known if port.outage_since}
        self.seen = {port.id: port.seen_at for port in known}

    def items(self, state: OutboxState) -> list[OutboxItem]:
        """Items whose target is looked after here, oldest first."""
        if state not in self._read:
            one = {"target": next(iter(self.targets))} if len(self.targets) == 1 else {}
            found = self.ports.ledger.find(OutboxItem, state=state, **one)
            self._read[state] = [item for item in found if item.target in self.targets]
        return self._read[state]

    def rest_s(self, item: OutboxItem) -> float:
        """Seconds for which its target is left alone, because it did not answer a moment ago."""
        tried_at = self.silent.get(item.target)
        if tried_at is None:
            return 0.0
        gap = min(CAP_S, self.backoff(max(1, item.tries), item.id))
        ago = seconds_between(tried_at, self.now)
        return max(0.0, gap - ago) if ago > -CAP_S else 0.0  # else the clock was put back since

    def is_due(self, item: OutboxItem) -> bool:
        """Whether its time has come; that of a clock which was put back since may be far away, and does not count."""
        return item.next_at <= self.now or item.updated_at > self.clock()

    def clock(self) -> str:
        """What time it is."""
        return self.ports.clock.now()

    def write(self, work: Callable[[Transaction], T]) -> T | None:
        """One transaction; None also when another worker was faster."""
        self._read.clear()
        try:
            return self.ports.ledger.write(WORKER, work)
        except Refused as error:
            if error.code != "conflict":
                raise
            return None

    def saw_up(self, tx: Transaction, target: str, began: str, release: str = "") -> None:
        """Note in a transaction that a target answered something that was asked then."""
        now = self.clock()
        if saw_up(tx, target, now, max(0, round(1000 * seconds_between(began, now))), release):
            self.back.append(target)
            self.silent.pop(target, None)

    def arrived(self, item: OutboxItem, began: str) -> bool:
        """Note that an accepted item is there."""

        def work(tx: Transaction) -> OutboxItem | None:
            self.saw_up(tx, item.target, began)
            return arrive(tx, item, self.clock())

        return self.write(work) is not None

    def failed(self, item: OutboxItem, error: SourceError) -> None:
        """Note that a target is silent; an item on its way to it is queued again, an accepted one stays."""
        is_silent = error.code != NOT_YET
        if is_silent:
            self.silent[item.target] = self.now

        def work(tx: Transaction) -> None:
            if is_silent:
                saw_down(tx, item.target, self.clock(), error)
            if item.state == "accepted":
                ask_later(tx, item, self.clock())
            else:
                wait_s = error.after_s if isinstance(error, Unreachable) else 0.0
                next_at = later(self.clock(), wait_s)
                next_at = max(self.next_at(item), next_at) if is_silent else next_at
                move_item(tx, item, "outage", lease_until="", next_at=next_at, last_error=error.message)

        self.write(work)

    def next_at(self, item: OutboxItem) -> str:
        """When an item is tried again."""
        return later(self.clock(), self.backoff(item.tries, item.id))
