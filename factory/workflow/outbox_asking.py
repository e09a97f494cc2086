"""Asking targets: whether what they took has arrived, and whether they work while nothing is written to them."""

from functools import partial

from factory.errors import Refused, SourceError
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Probed
from factory.ports.ledger import Transaction
from factory.rules.backoff import seconds_between
from factory.workflow.outbox import ask_later, move_item
from factory.workflow.outbox_look import Look
from factory.workflow.port_health import saw_down

PROBE_S = 30.0
"""A target that nothing was written to for so long is asked whether it works."""


class Asking:
    """The asking part of one look."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def confirm(self, item: OutboxItem) -> None:
        """Ask the target whether an accepted item has arrived; one that it lost is sent again."""
        look = self._look
        if not look.is_due(item) or look.rest_s(item):
            return
        began = look.clock()
        try:
            arrived = look.ports.targets[item.target].confirm(item)
        except Refused as error:
            self._send_again(item, error, began)
        except SourceError as error:
            look.failed(item, error)
        else:
            if arrived:
                look.arrived(item, began)
            else:
                self._ask_later(item, began)

    def probe(self, name: str) -> None:
        """Ask a target that nothing is written to whether it works. While something waits for it, its writes tell."""
        look = self._look
        target, began, seen_at = look.ports.targets[name], look.clock(), look.seen.get(name, "")
        if not isinstance(target, Probed) or (seen_at and abs(seconds_between(seen_at, began)) < PROBE_S):
            return
        if any(item.target == name for item in [*look.items("queued"), *look.items("accepted")]):
            return
        try:
            release = target.probe()
        except SourceError as error:
            look.write(partial(saw_down, port=name, now=look.clock(), error=error))
        else:
            look.write(lambda tx: look.saw_up(tx, name, began, release))

    def _ask_later(self, item: OutboxItem, began: str) -> None:
        look = self._look

        def work(tx: Transaction) -> None:
            look.saw_up(tx, item.target, began)
            ask_later(tx, item, look.clock())

        look.write(work)

    def _send_again(self, item: OutboxItem, error: SourceError, began: str) -> None:
        look = self._look

        def work(tx: Transaction) -> None:
            look.saw_up(tx, item.target, began)
            move_item(tx, item, "report_failure", next_at=look.next_at(item), last_error=error.message)

        look.write(work)
