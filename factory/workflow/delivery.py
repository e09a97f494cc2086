"""Delivery of the outbox: every queued write reaches its target once in effect, whatever fails on the way.

An item is claimed, delivered outside any transaction, and finished in another one. A kill in between leaves it claimed;
its lease runs out and it is delivered again, which its target recognises by the dedupe key. What happens here never
touches a run's state (I7).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from factory.errors import Refused, SourceError, Unreachable
from factory.model.outbox import OutboxItem, PortHealth
from factory.ports.bundle import Ports
from factory.ports.knowledge import Known, Paced, Probed, Receipt
from factory.ports.ledger import Transaction
from factory.rules.backoff import backoff as doubling
from factory.rules.backoff import later, seconds_between
from factory.rules.outbox import NOT_YET, rank
from factory.workflow.outbox import FIRST_LOOK_S, arrive, ask_later, claim, kill, move_item, note
from factory.workflow.port_health import saw_down, saw_up

T = TypeVar("T")

Backoff = Callable[[int, str], float]
"""Seconds to wait after failure number n of the item with this id."""

LEASE_S = 30.0
"""Longer than any target may take for one item."""
WORKER = "worker"
PROBE_S = 30.0
"""A target that nothing was written to for so long is asked whether it works."""
CAP_S = 5.0
"""The longest pause between two looks, so that a target that is back is noticed soon."""


def deliver_due(
    ports: Ports, now: str, backoff: Backoff = doubling, lease_s: float = LEASE_S, target: str = ""
) -> float:
    """Deliver what is due and ask about what was accepted; return the seconds until the next look (at most 5).

    A target that does not answer is left alone for a while, however much waits for it and however often this is called.
    As soon as it answers again, everything that waits for it goes at once.

    Args:
        target: Look only at what goes there, so that each target can have a thread of its own; empty = at everything.

    Raises:
        Unreachable: the ledger cannot be written; claimed items are safe and come back when their lease ends.
    """
    return _Pass(
        ports, now, backoff, lease_s, frozenset(ports.targets) & {target or name for name in ports.targets}
    ).run()


def take_back_claims(ports: Ports) -> None:
    """Queue again what a killed worker had claimed, without waiting for its lease.

    For the start of a worker that knows itself to be the only one.
    """
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        for item in tx.find(OutboxItem, state="in_flight"):
            move_item(tx, item, "expire", next_at=now, lease_until="")

    ports.ledger.write(WORKER, work)


@dataclass
class _Pass:
    """One look at the outbox."""

    ports: Ports
    now: str
    backoff: Backoff
    lease_s: float
    targets: frozenset[str]
    """Those whose items are looked at."""
    silent: dict[str, str] = field(default_factory=dict)
    """Targets in an outage, with the time at which they were last tried."""
    seen: dict[str, str] = field(default_factory=dict)
    """When each target was heard of last."""
    back: list[str] = field(default_factory=list)
    """Targets whose outage ended in this pass."""

    def run(self) -> float:
        known = self.ports.ledger.find(PortHealth)
        self.silent = {port.id: port.seen_at for port in known if port.outage_since}
        self.seen = {port.id: port.seen_at for port in known}
        for item in self._items("in_flight"):
            self._take_back(item)
        for item in self._items("accepted"):
            self._confirm(item)
        self._send(self._lanes(), due_only=True)
        for name in self.targets:
            self._probe(name)
        while self.back:
            target = self.back.pop()
            self._send([lane for lane in self._lanes() if lane[0].target == target], due_only=False)
        return self._pause()

    def _items(self, state: str) -> list[OutboxItem]:
        """Items whose target is looked after here, oldest first."""
        found = self.ports.ledger.find(OutboxItem, state=state)
        return [item for item in found if item.target in self.targets]

    def _lanes(self) -> list[list[OutboxItem]]:
        """Queued items that go one after the other, oldest first; the lane that matters most comes first, then the
        one that is due longest, so that the lanes of a silent target take turns at knocking."""
        lanes: dict[tuple[str, str], list[OutboxItem]] = {}
        for item in self._items("queued"):
            lanes.setdefault((item.target, item.order_key or item.id), []).append(item)
        return sorted(lanes.values(), key=lambda lane: (min(map(rank, lane)), lane[0].next_at))

    def _send(self, lanes: list[list[OutboxItem]], due_only: bool) -> None:
        for lane in lanes:
            for item in lane:
                waiting = (due_only and item.next_at > self.now) or self._is_full(item.target)
                if waiting or self._is_too_soon(item) or self._rests(item) or not self._deliver(item):
                    break

    def _is_too_soon(self, item: OutboxItem) -> bool:
        target = self.ports.targets[item.target]
        return isinstance(target, Paced) and target.ready_in_s(item) > 0

    def _rests(self, item: OutboxItem) -> bool:
        """Whether its target did not answer a moment ago."""
        tried_at = self.silent.get(item.target)
        gap = min(CAP_S, self.backoff(max(1, item.tries), item.id))
        return tried_at is not None and seconds_between(tried_at, self.now) < gap

    def _is_full(self, target: str) -> bool:
        """Whether a target has as much in hand as it can take at a time."""
        most = self.ports.at_once.get(target)
        return most is not None and len(self.ports.ledger.find(OutboxItem, state="accepted", target=target)) >= most

    def _probe(self, name: str) -> None:
        """Ask a target that nothing is written to whether it works. While something waits for it, its writes tell."""
        target, began = self.ports.targets[name], self._clock()
        seen_at = self.seen.get(name, "")
        if not isinstance(target, Probed) or (seen_at and seconds_between(seen_at, began) < PROBE_S):
            return
        if any(self.ports.ledger.find(OutboxItem, target=name, state=state) for state in ("queued", "accepted")):
            return
        try:
            release = target.probe()
        except SourceError as error:
            self._write(partial(saw_down, port=name, now=self._clock(), error=error))
        else:
            self._write(lambda tx: self._saw_up(tx, name, began, release))

    def _take_back(self, item: OutboxItem) -> None:
        """Queue again what a killed worker had claimed."""
        if item.lease_until <= self.now:
            self._write(lambda tx: move_item(tx, item, "expire", next_at=self.now, lease_until=""))

    def _deliver(self, item: OutboxItem) -> bool:
        """Claim an item, write it to its target, and record what became of it; True when it arrived."""
        began = self._clock()
        claimed = self._write(lambda tx: claim(tx, item, later(began, self.lease_s)))
        if claimed is None:
            return False
        try:
            receipt = self.ports.targets[item.target].deliver(claimed, self._known(item.target))
        except Refused as error:
            self._kill(claimed, error, began)
            return False
        except SourceError as error:  # garbage too: what stands in front of a target can be broken as well
            self._failed(claimed, error)
            return False
        accepted = self._accept(claimed, receipt, began)
        return accepted is not None and receipt[0] == "delivered" and self._arrive(accepted, began)

    def _known(self, target: str) -> Known:
        """Where the newest item of an order key went that arrived."""

        def ref_of(order_key: str) -> str:
            found = self.ports.ledger.find(OutboxItem, target=target, order_key=order_key) if order_key else ()
            return next((item.remote_ref for item in reversed(found) if item.remote_ref), "")

        return ref_of

    def _accept(self, item: OutboxItem, receipt: Receipt, began: str) -> OutboxItem | None:
        """Record that the target took it. Taken is not arrived: that is a transition of its own."""

        def work(tx: Transaction) -> OutboxItem | None:
            self._saw_up(tx, item.target, began)
            look = later(self._clock(), FIRST_LOOK_S)
            ref, warning = receipt[1], receipt[2] if len(receipt) == 3 else ""
            moved = move_item(tx, item, "accept", remote_ref=ref, lease_until="", next_at=look, last_error="")
            if moved is not None:
                note(tx, moved, warning, self._clock())
            return moved

        return self._write(work)

    def _confirm(self, item: OutboxItem) -> None:
        """Ask the target whether an accepted item has arrived; one that it lost is sent again."""
        if item.next_at > self.now or self._rests(item):
            return
        began = self._clock()
        try:
            arrived = self.ports.targets[item.target].confirm(item)
        except Refused as error:
            self._send_again(item, error, began)
        except SourceError as error:
            self._failed(item, error)
        else:
            if arrived:
                self._arrive(item, began)
            else:
                self._ask_later(item, began)

    def _arrive(self, item: OutboxItem, began: str) -> bool:
        def work(tx: Transaction) -> OutboxItem | None:
            self._saw_up(tx, item.target, began)
            return arrive(tx, item, self._clock())

        return self._write(work) is not None

    def _ask_later(self, item: OutboxItem, began: str) -> None:
        def work(tx: Transaction) -> None:
            self._saw_up(tx, item.target, began)
            ask_later(tx, item, self._clock())

        self._write(work)

    def _send_again(self, item: OutboxItem, error: SourceError, began: str) -> None:
        def work(tx: Transaction) -> None:
            self._saw_up(tx, item.target, began)
            move_item(tx, item, "report_failure", next_at=self._next_at(item), last_error=error.message)

        self._write(work)

    def _failed(self, item: OutboxItem, error: SourceError) -> None:
        """Note that a target is silent; an item on its way to it is queued again, an accepted one stays."""
        is_silent = error.code != NOT_YET
        if is_silent:
            self.silent[item.target] = self.now

        def work(tx: Transaction) -> None:
            if is_silent:
                saw_down(tx, item.target, self._clock(), error)
            if item.state == "accepted":
                ask_later(tx, item, self._clock())
            else:
                wait_s = error.after_s if isinstance(error, Unreachable) else 0.0
                next_at = later(self._clock(), wait_s)
                next_at = max(self._next_at(item), next_at) if is_silent else next_at
                move_item(tx, item, "outage", lease_until="", next_at=next_at, last_error=error.message)

        self._write(work)

    def _kill(self, item: OutboxItem, error: SourceError, began: str) -> None:
        """The target answered, and will never take this item."""

        def work(tx: Transaction) -> None:
            self._saw_up(tx, item.target, began)
            kill(tx, item, error, self._clock())

        self._write(work)

    def _saw_up(self, tx: Transaction, target: str, began: str, release: str = "") -> None:
        now = self._clock()
        if saw_up(tx, target, now, max(0, round(1000 * seconds_between(began, now))), release):
            self.back.append(target)
            self.silent.pop(target, None)

    def _next_at(self, item: OutboxItem) -> str:
        return later(self._clock(), self.backoff(item.tries, item.id))

    def _clock(self) -> str:
        return self.ports.clock.now()

    def _write(self, work: Callable[[Transaction], T]) -> T | None:
        """One transaction; None also when another worker was faster."""
        try:
            return self.ports.ledger.write(WORKER, work)
        except Refused as error:
            if error.code != "conflict":
                raise
            return None

    def _pause(self) -> float:
        """Seconds until something becomes due. What is due already was tried just now and can wait for the cap."""
        times = [lane[0].next_at for lane in self._lanes()]
        times += [item.lease_until for item in self._items("in_flight")]
        times += [item.next_at for item in self._items("accepted")]
        waits = [seconds_between(self._clock(), time) for time in times if time > self.now]
        return max(0.0, min([CAP_S, *waits]))
