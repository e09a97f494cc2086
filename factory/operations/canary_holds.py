"""What a canary holds of the caps that runs share: noted in the ledger, so that a killed one holds nothing for good."""

from dataclasses import replace

from factory.model.audit import Event
from factory.model.cost import Budget
from factory.operations.measuring import pages_of
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.workflow.caps import hold_shared, settle_shared

HELD, SETTLED = "canary.hold", "canary.settle"
"""Actions of the events; their object is the call, which holds something for one verdict at a time."""


def hold(tx: Transaction, ports: Ports, call: str, at: str, most: int) -> int:
    """Reserve for a verdict; how much it may spend, `most` where no cap is shared. Raises `Refused`: `cap_exceeded`."""
    held = hold_shared(tx, ports, at, most)
    if _shares_caps(ports):
        tx.note(HELD, call, detail={"at": at, "micros": held, "namespace": ports.defaults.namespace})
    return held


def settle(tx: Transaction, ports: Ports, call: str, at: str, held: int, spent: int | None) -> None:
    """Turn what is held into what was spent; None = nobody knows, and the reservation is kept."""
    settle_shared(tx, ports, at, held, spent)
    if _shares_caps(ports):
        tx.note(SETTLED, call, detail={"micros": spent})


def release_abandoned(ports: Ports) -> int:
    """Give back what killed canaries held; how much. To be called only while none is at work.

    What a verifier had spent by then nobody counted, as with an attempt that is lost.
    """
    shared = ports.ledger.find(Budget, run="") if _shares_caps(ports) else ()
    if not any(cap.reserved_micros for cap in shared):
        return 0
    abandoned = _open_holds(ports)
    return ports.ledger.write(ports.actor, lambda tx: sum(_release(tx, ports, event) for event in abandoned)) or 0


def _open_holds(ports: Ports) -> tuple[Event, ...]:
    found: dict[str, Event] = {}
    for event in pages_of(ports.ledger, 0, (HELD, SETTLED)):
        if event.action == HELD:
            found[event.object] = event
        else:
            found.pop(event.object, None)
    return tuple(found.values())


def _release(tx: Transaction, ports: Ports, event: Event) -> int:
    at, micros, namespace = event.detail["at"], int(event.detail["micros"]), event.detail["namespace"]
    then = replace(ports, defaults=replace(ports.defaults, namespace=namespace))
    settle(tx, then, event.object, at, micros, 0)
    return micros


def _shares_caps(ports: Ports) -> bool:
    return bool(ports.defaults.day_cap_micros or ports.defaults.namespace_cap_micros)
