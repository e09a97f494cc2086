"""Sending what is queued: claim, deliver outside any transaction, and write down what became of it."""

from factory.errors import Refused, SourceError
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Known, Paced, Receipt
from factory.ports.ledger import Transaction
from factory.rules.backoff import later
from factory.rules.outbox import rank
from factory.workflow.outbox import FIRST_LOOK_S, claim, kill, move_item, note
from factory.workflow.outbox_look import Look

Lane = list[OutboxItem]
"""Queued items that go one after the other, oldest first; there is one at least."""


class Sending:
    """The sending part of one look.

    Args:
        lease_s: How long a claim holds.
    """

    def __init__(self, look: Look, lease_s: float) -> None:
        self._look = look
        self._ports = look.ports
        self._lease_s = lease_s

    def lanes(self) -> list[Lane]:
        """What is queued; the lane that matters most comes first, then the one that is due longest, so that the lanes
        of a silent target take turns at knocking."""
        lanes: dict[tuple[str, str], Lane] = {}
        for item in self._look.items("queued"):
            lanes.setdefault((item.target, item.order_key or item.id), []).append(item)
        return sorted(lanes.values(), key=lambda lane: (min(map(rank, lane)), lane[0].next_at))

    def send(self, lanes: list[Lane], due_only: bool) -> None:
        """Send what may go; a lane ends with the first item that does not arrive."""
        for lane in lanes:
            for item in lane:
                waiting = (due_only and not self._look.is_due(item)) or self._is_full(item.target)
                if waiting or self.hold_s(item) or not self._deliver(item):
                    break

    def hold_s(self, item: OutboxItem) -> float:
        """Seconds for which an item that is due is held back: its target did not answer, or takes only so many."""
        target = self._ports.targets[item.target]
        pace_s = target.ready_in_s(item) if isinstance(target, Paced) else 0.0
        return max(pace_s, self._look.rest_s(item))

    def _is_full(self, target: str) -> bool:
        """Whether a target has as much in hand as it can take at a time."""
        most = self._ports.at_once.get(target)
        return most is not None and sum(item.target == target for item in self._look.items("accepted")) >= most

    def _deliver(self, item: OutboxItem) -> bool:
        """Claim an item, write it to its target, and record what became of it; True when it arrived."""
        began = self._look.clock()
        claimed = self._look.write(lambda tx: claim(tx, item, later(began, self._lease_s)))
        if claimed is None:
            return False
        try:
            receipt = self._ports.targets[item.target].deliver(claimed, self._known(item.target))
        except Refused as error:
            self._kill(claimed, error, began)
            return False
        except SourceError as error:  # garbage too: what stands in front of a target can be broken as well
            self._look.failed(claimed, error)
            return False
        accepted = self._accept(claimed, receipt, began)
        return accepted is not None and receipt[0] == "delivered" and self._look.arrived(accepted, began)

    def _known(self, target: str) -> Known:
        """Where the newest item of an order key went that arrived."""

        def ref_of(order_key: str) -> str:
            found = self._ports.ledger.find(OutboxItem, target=target, order_key=order_key) if order_key else ()
            return next((item.remote_ref for item in reversed(found) if item.remote_ref), "")

        return ref_of

    def _accept(self, item: OutboxItem, receipt: Receipt, began: str) -> OutboxItem | None:
        """Record that the target took it. Taken is not arrived: that is a transition of its own."""
        look = self._look

        def work(tx: Transaction) -> OutboxItem | None:
            look.saw_up(tx, item.target, began)
            ask_at = later(look.clock(), FIRST_LOOK_S)
            ref, warning = receipt[1], receipt[2] if len(receipt) == 3 else ""
            moved = move_item(tx, item, "accept", remote_ref=ref, lease_until="", next_at=ask_at, last_error="")
            if moved is not None:
                note(tx, moved, warning, look.clock())
            return moved

        return look.write(work)

    def _kill(self, item: OutboxItem, error: SourceError, began: str) -> None:
        """The target answered, and will never take this item."""

        def work(tx: Transaction) -> None:
            self._look.saw_up(tx, item.target, began)
            kill(tx, item, error, self._look.clock())

        self._look.write(work)
