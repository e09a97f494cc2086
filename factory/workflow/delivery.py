"""Delivery of the outbox: every queued write reaches its target once in effect, whatever fails on the way.

An item is claimed, delivered outside any transaction, and finished in another one. A kill in between leaves it claimed;
its lease runs out and it is delivered again, which its target recognises by the dedupe key. What happens here never
touches a run's state (I7).
"""

from functools import partial

from factory.model.blocker import Blocker
from factory.model.outbox import OutboxItem
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.rules.backoff import backoff as doubling
from factory.rules.backoff import seconds_between
from factory.workflow.outbox import LATE, is_late, move_item, warn_late
from factory.workflow.outbox_asking import Asking
from factory.workflow.outbox_look import CAP_S, WORKER, Backoff, Look
from factory.workflow.outbox_sending import Sending

LEASE_S = 30.0
"""Longer than any target may take for one item."""


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
    targets = frozenset(ports.targets) & {target or name for name in ports.targets}
    look = Look(ports, now, backoff, targets)
    sending, asking = Sending(look, lease_s), Asking(look)
    for item in look.items("in_flight"):
        _take_back(look, item)
    for item in look.items("accepted"):
        asking.confirm(item)
    sending.send(sending.lanes(), due_only=True)
    for name in targets:
        asking.probe(name)
    while look.back:
        again = look.back.pop()
        sending.send([lane for lane in sending.lanes() if lane[0].target == again], due_only=False)
    _warn_of_late(look, sending)
    return _pause(look, sending)


def take_back_claims(ports: Ports) -> None:
    """Queue again what a killed worker had claimed, without waiting for its lease.

    For the start of a worker that knows itself to be the only one.
    """
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        for item in tx.find(OutboxItem, state="in_flight"):
            move_item(tx, item, "expire", next_at=now, lease_until="")

    ports.ledger.write(WORKER, work)


def _take_back(look: Look, item: OutboxItem) -> None:
    """Queue again what a killed worker had claimed."""
    if item.lease_until <= look.now:
        look.write(lambda tx: move_item(tx, item, "expire", next_at=look.now, lease_until=""))


def _warn_of_late(look: Look, sending: Sending) -> None:
    """Warn of what has been on its way for too long; of items that go one after the other, of the first alone."""
    waiting = [*look.items("accepted"), *(lane[0] for lane in sending.lanes())]
    late = [item for item in waiting if is_late(item, look.now)]
    told = {one.cause_ref for one in look.ports.ledger.find(Blocker, code=LATE, resolved_at="")} if late else set()
    for item in late:
        if item.id not in told:
            look.write(partial(warn_late, item=item, now=look.clock()))


def _pause(look: Look, sending: Sending) -> float:
    """Seconds until something may go on. What is due, was tried just now and is not held back can wait for the cap."""
    waits = [_wait(look, item.lease_until) for item in look.items("in_flight")]
    waits += [_wait(look, item.next_at, look.rest_s(item)) for item in look.items("accepted")]
    waits += [_wait(look, lane[0].next_at, sending.hold_s(lane[0])) for lane in sending.lanes()]
    return min([CAP_S, *waits])


def _wait(look: Look, at: str, hold_s: float = 0.0) -> float:
    """Seconds until this time, if it was to come when the look began, and for as long as it is held back after that."""
    if at > look.now:
        return max(0.0, hold_s, seconds_between(look.clock(), at))
    return hold_s or CAP_S
