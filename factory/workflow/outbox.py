"""The life of an outbox item in the ledger, one transaction for each transition."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from factory.errors import SourceError
from factory.model.blocker import Blocker
from factory.model.identity import stable_id
from factory.model.outbox import OutboxItem
from factory.model.states import after
from factory.ports.ledger import Transaction
from factory.rules.backoff import later, seconds_between

FIRST_LOOK_S = 1.0
"""When an accepted item is first asked about."""
LAST_LOOK_S = 60.0
DEAD = "writeback_dead"
"""Code of the warning that an item was given up."""
LATE = "writeback_late"
"""Code of the warning that an item has not arrived for `LATE_S`."""
LATE_S = 3600.0
WARNED = "writeback_warned"
"""Code of what a target found when it wrote: something that people have to look at."""


def claim(tx: Transaction, item: OutboxItem, lease_until: str) -> OutboxItem | None:
    """Take an item for delivery; None when it changed since it was read, or has to wait for an earlier one."""
    if waits(tx, item):
        return None
    return move_item(tx, item, "claim", tries=item.tries + 1, lease_until=lease_until)


def waits(tx: Transaction, item: OutboxItem) -> bool:
    """Whether an earlier item of the same target and order key has not arrived. A dead one holds the others up too:
    sent again later, it would overwrite what is newer."""
    if not item.order_key:
        return False
    for other in tx.find(OutboxItem, target=item.target, order_key=item.order_key):
        if other.id == item.id:
            return False
        if other.state != "delivered":
            return True
    return False


def move_item(tx: Transaction, item: OutboxItem, event: str, **changes: Any) -> OutboxItem | None:
    """Move an item on; None when somebody else has done so since it was read, because its lease had run out."""
    current = tx.get(OutboxItem, item.id)
    if current.version != item.version:
        return None
    moved = after(current, event, **changes)
    error = {"error": moved.last_error} if moved.last_error else {}
    return tx.put(moved, f"outbox.{event}", {"target": moved.target, "tries": moved.tries, **error})


def arrive(tx: Transaction, item: OutboxItem, now: str) -> OutboxItem | None:
    """Mark an accepted item as delivered, and resolve the warnings that it was late or dead, if there are any."""
    delivered = move_item(tx, item, "confirm")
    for code in (DEAD, LATE) if delivered else ():
        _resolve(tx, _open(tx, item, code), "delivered", now)
    return delivered


def ask_later(tx: Transaction, item: OutboxItem, now: str) -> OutboxItem | None:
    """Note that an accepted item has not arrived yet; each wait is twice the one before, up to a minute."""
    current = tx.get(OutboxItem, item.id)
    if current.version != item.version:
        return None
    last_wait = seconds_between(item.updated_at, item.next_at)
    next_at = later(now, min(max(2 * last_wait, FIRST_LOOK_S), LAST_LOOK_S))
    return tx.put(replace(current, next_at=next_at), "outbox.wait", {"target": item.target, "until": next_at})


def kill(tx: Transaction, item: OutboxItem, error: SourceError, now: str) -> OutboxItem | None:
    """Give an item up that its target will never take, and warn the operator once."""
    dead = move_item(tx, item, "kill", lease_until="", last_error=error.message)
    if dead is not None:
        _resolve(tx, _open(tx, item, LATE), "given up", now)
    if dead is not None and not _open(tx, item, DEAD):
        message = f"The {item.target} target will not take {item.op} {item.id}: {error.message} {error.hint}".strip()
        _warn(tx, item, DEAD, item.id, dead.version, message, now)
    return dead


def is_late(item: OutboxItem, now: str) -> bool:
    """Whether an item has been on its way for too long."""
    return seconds_between(item.created_at, now) >= LATE_S


def warn_late(tx: Transaction, item: OutboxItem, now: str) -> None:
    """Warn the operator of an item that does not arrive, once, until it does."""
    current = tx.get(OutboxItem, item.id)
    if current.state in ("delivered", "dead") or _open(tx, item, LATE):
        return
    what = f"{item.op} {item.id}"
    message = f"{item.target} has not taken {what} for more than an hour: {item.last_error or 'it waits for its turn.'}"
    if item.state == "accepted":
        message = f"{item.target} took {what} more than an hour ago, and is not done with it."
    _warn(tx, item, LATE, item.id, current.version, message, now)


def note(tx: Transaction, item: OutboxItem, warning: str, now: str) -> None:
    """Keep the warnings about a thing in another system as its target gave them last: none, or this one."""
    cause = f"{item.target}:{item.order_key or item.id}"
    known = [one for one in tx.find(Blocker, run=item.run, code=WARNED, cause_ref=cause) if one.is_open]
    _resolve(tx, [one for one in known if one.message != warning], "not so any more", now)
    if warning and warning not in {blocker.message for blocker in known}:
        _warn(tx, item, WARNED, cause, item.version, warning, now)


def _warn(tx: Transaction, item: OutboxItem, code: str, cause: str, version: int, message: str, now: str) -> None:
    blocker = Blocker(
        id=stable_id("blk", code, item.id, version),
        namespace=item.namespace,
        run=item.run,
        code=code,
        severity="warn",
        message=message,
        cause_ref=cause,
        opened_at=now,
    )
    tx.put(blocker, "blocker.open", {"code": code, "message": message})


def _open(tx: Transaction, item: OutboxItem, code: str) -> list[Blocker]:
    known = tx.find(Blocker, run=item.run, code=code, cause_ref=item.id)
    return [blocker for blocker in known if blocker.is_open]


def _resolve(tx: Transaction, blockers: Iterable[Blocker], why: str, now: str) -> None:
    for blocker in blockers:
        over = replace(blocker, resolved_at=now, resolution=why)
        tx.put(over, "blocker.resolve", {"code": blocker.code})
