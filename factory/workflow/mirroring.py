"""The mirror of all runs in a Mission Control: what changed is queued in the outbox, from one place.

No run knows of it. The worker looks at the ledger's events, and queues for every run that they are about what the
mirror should hold and does not. A cursor need not be kept: at its start it looks at every open run, and at the newest
events. Only the last write of a goal is queued in the transaction that ends the run (I7).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from factory.errors import Missing
from factory.model.outbox import OutboxItem
from factory.model.run import RUN, Run
from factory.model.states import is_over
from factory.model.view import RunView
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.rules.backoff import seconds_between
from factory.rules.concerned import OF_WRITING
from factory.rules.mission import MISSION, Write, goal_write, writes
from factory.rules.mission_words import KEPT_ALIVE
from factory.rules.outbox import outbox_item

WORKER = "worker"
ALIVE_S = 240.0
"""What is in progress there has to change within five minutes."""
LOOK_BACK = 5000
"""Events that are looked at again when a worker starts: it may have been killed right after a run had ended."""
_PAGE = 1000
_ASIDE = ("rev", "beat")
"""Parts of a payload that are not about the thing."""


def queue_goal(tx: Transaction, ports: Ports, view: RunView) -> None:
    """Queue the goal as it is in this view, when there is a mirror; for the transaction that ends a run."""
    if ports.copies.get("goal"):
        put_writes(tx, view.run, (goal_write(view),))


def put_writes(tx: Transaction, run: Run, due: Sequence[Write], beat: str = "") -> None:
    """Queue what is not there as it was written last; what waits still is replaced.

    Args:
        beat: A time that makes each of them a change, whatever was written last.
    """
    items = list(tx.find(OutboxItem, run=run.id, target=MISSION))
    for write in due:
        same = _same(write, items)
        if not beat and not is_due(write, items):
            continue
        item = _item(run, write, _next_rev(items), beat)
        if same and same[-1].state == "queued":
            newer = {name: getattr(item, name) for name in ("op", "payload", "payload_sha256", "dedupe_key")}
            items.remove(same[-1])
            items.append(tx.put(replace(same[-1], **newer), "outbox.renew", {"target": MISSION, "op": item.op}))
        else:
            items.append(tx.put(item, "outbox.queue", {"target": MISSION, "op": item.op}))


def _next_rev(items: Sequence[OutboxItem]) -> int:
    """No two writes of a run have the same number, so that a thing may become what it was before."""
    return 1 + max((int(json.loads(item.payload)["rev"]) for item in items), default=0)


def is_due(write: Write, items: Sequence[OutboxItem]) -> bool:
    """Whether a write is news for the mirror, given everything that was queued for the run."""
    same = _same(write, items)
    if not same:
        return not write.if_known or any(item.order_key == write.lane for item in items)
    return not write.once and _content(same[-1]) != _content(_item(Run(id="", goal=""), write, 0))


def _same(write: Write, items: Sequence[OutboxItem]) -> list[OutboxItem]:
    """Writes of the same thing, oldest first. A goal is the same when it is cancelled."""
    ops = ("goal", "cancel") if write.op == "cancel" else (write.op,)
    found = (item for item in items if item.order_key == write.lane and item.op in ops)
    return [item for item in found if _content(item).get("id") == write.payload["id"]]


def _item(run: Run, write: Write, rev: int, beat: str = "") -> OutboxItem:
    payload = {**write.payload, "rev": str(rev), "beat": beat}
    return outbox_item(run.id, MISSION, write.op, payload, write.lane, run.namespace)


def _content(item: OutboxItem) -> dict[str, str]:
    said: dict[str, str] = json.loads(item.payload)
    return {name: value for name, value in said.items() if name not in _ASIDE}


class Mirror:
    """Looks again and again; for one thread of the worker.

    Args:
        ports: Ledger and clock are used.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._cursor: int | None = None
        self._alive: dict[str, str] = {}
        """Runs with something in progress there -> when it was written last."""

    def look(self) -> None:
        """Queue what the mirror lacks. Raises what the ledger raises."""
        for run in self._changed():
            self._catch_up(run)
        now = self._ports.clock.now()
        for run, at in list(self._alive.items()):
            if seconds_between(at, now) >= ALIVE_S:
                self._keep_alive(run, now)

    def _changed(self) -> Iterator[str]:
        """Runs that there is news of since the last look; at the first, all that may have any."""
        ledger = self._ports.ledger
        found: dict[str, None] = {}
        cursor = self._cursor
        if cursor is None:
            cursor = max(0, ledger.head().count - LOOK_BACK)
            for state in sorted(RUN.states - RUN.terminal):
                found.update(dict.fromkeys(run.id for run in ledger.find(Run, state=state)))
        while events := ledger.events(cursor, _PAGE):
            cursor = events[-1].seq
            found.update(dict.fromkeys(e.run for e in events if e.run and not e.action.startswith(OF_WRITING)))
        yield from found
        self._cursor = cursor

    def _catch_up(self, run: str) -> None:
        try:
            view = self._ports.ledger.view(run)
        except Missing:
            return
        items = [item for item in view.outbox if item.target == MISSION]
        if is_over(view.run) and not items:
            return  # it ended before there was a mirror
        due = [write for write in writes(view) if is_due(write, items)]
        if due:
            self._ports.ledger.write(WORKER, lambda tx: put_writes(tx, view.run, due))
        if view.run.state == "running":
            self._alive.setdefault(run, items[-1].updated_at if items else self._ports.clock.now())
        else:
            self._alive.pop(run, None)

    def _keep_alive(self, run: str, now: str) -> None:
        """Touch what is in progress and was not written for a while."""
        view = self._ports.ledger.view(run)
        items = [item for item in view.outbox if item.target == MISSION]
        due = [write for write in writes(view) if _is_old(write, items, now)]
        if due:
            self._ports.ledger.write(WORKER, lambda tx: put_writes(tx, view.run, due, now))
        self._alive[run] = now


def _is_old(write: Write, items: Sequence[OutboxItem], now: str) -> bool:
    same = _same(write, items)
    if write.payload.get("status") != KEPT_ALIVE or not same or same[-1].state != "delivered":
        return False
    return seconds_between(same[-1].updated_at, now) >= ALIVE_S / 2
