"""The caps that an attempt counts against: reserved before it starts, settled when it ends, in the same transaction."""

from dataclasses import replace

from factory.model.cost import Budget, BudgetScope
from factory.model.run import Run
from factory.model.step import Attempt
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.rules.budget import reserve, settle
from factory.rules.money import usd


def caps_of(tx: Transaction, ports: Ports, run: Run, is_check: bool, at: str) -> list[Budget]:
    """The caps, tightest scope first: for a check its thread's, the run's, and those that runs share.

    Args:
        is_check: As `Attempt.is_check`.
        at: When the attempt was leased: its day's cap counts, also after midnight.
    """
    scopes: tuple[BudgetScope, ...] = ("thread", "run") if is_check else ("run",)
    found = [budget for scope in scopes for budget in tx.find(Budget, run=run.id, scope=scope)[-1:]]
    return found + _all_shared(tx, ports, run.namespace, at)


def reserve_all(tx: Transaction, caps: list[Budget], estimate: int, floor: int) -> int:
    """Reserve under every cap and say how much.

    An agent that is metered gets all that is left, so that no other one can count on the same cent; what it does not
    need is given back when it ends.

    Args:
        estimate: What is enough for an agent whose cost is known only at its end; 0 = all that is left.
        floor: With less than this nothing can be done.

    Raises:
        Refused: `cap_exceeded`.
    """
    left = min(cap.left_micros for cap in caps)
    need = max(1, floor, min(estimate, left) if estimate else left)
    for cap in caps:
        tx.put(reserve(cap, need), "budget.reserve", {"micros": need})
    return need


def settle_all(tx: Transaction, ports: Ports, attempt: Attempt, spent: int | None) -> None:
    """Turn the reservation into what was spent; None = nobody knows, and the reservation is kept."""
    for cap in caps_of(tx, ports, tx.get(Run, attempt.run), attempt.is_check, attempt.created_at):
        settled = settle(cap, attempt.reserved_micros, spent)
        over = settled.overshoot_micros - cap.overshoot_micros
        detail = {"micros": spent, **({"overshoot": usd(over)} if over > 0 else {})}
        tx.put(settled, "budget.settle", detail)


def hold_shared(tx: Transaction, ports: Ports, at: str, most: int) -> int:
    """Reserve under the caps that runs share, for work that is no run of this ledger; how much it may spend.

    Args:
        at: When it begins; `settle_shared` takes the same.
        most: It never needs more than this.

    Raises:
        Refused: `cap_exceeded`.
    """
    caps = _all_shared(tx, ports, ports.defaults.namespace, at)
    return reserve_all(tx, caps, most, 1) if caps else most


def settle_shared(tx: Transaction, ports: Ports, at: str, held: int, spent: int | None) -> None:
    """Turn what `hold_shared` reserved into what was spent; None = nobody knows, and the reservation is kept."""
    for cap in _all_shared(tx, ports, ports.defaults.namespace, at):
        tx.put(settle(cap, held, spent), "budget.settle", {"micros": spent})


def give_back(tx: Transaction, ports: Ports, attempt: Attempt) -> None:
    """Release the reservation of an attempt that nothing was settled for."""
    for cap in caps_of(tx, ports, tx.get(Run, attempt.run), attempt.is_check, attempt.created_at):
        left = max(0, cap.reserved_micros - attempt.reserved_micros)
        tx.put(replace(cap, reserved_micros=left), "budget.release", {"micros": attempt.reserved_micros})


def _all_shared(tx: Transaction, ports: Ports, namespace: str, at: str) -> list[Budget]:
    """Of a day and of a namespace, where they are configured."""
    defaults = ports.defaults
    day = _shared(tx, ports, "day", f"{namespace}:{at[:10]}", defaults.day_cap_micros)
    return day + _shared(tx, ports, "namespace", namespace, defaults.namespace_cap_micros)


def _shared(tx: Transaction, ports: Ports, scope: BudgetScope, subject: str, limit: int) -> list[Budget]:
    """A cap that runs share, as configured now; made by the first run that needs it."""
    found = tx.find(Budget, scope=scope, subject=subject)[-1:]
    if not limit:
        return []
    if not found:
        id = ports.clock.new_id("bud")
        return [tx.put(Budget(id=id, run="", scope=scope, subject=subject, limit_micros=limit), "budget.create")]
    if found[0].limit_micros != limit:
        return [tx.put(replace(found[0], limit_micros=limit), "budget.cap", {"to": limit, "reason": "config.toml"})]
    return list(found)
