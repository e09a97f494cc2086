"""Every state machine by the entity that it governs, and the one way to move an entity on."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from factory.errors import Refused
from factory.model.cost import BUDGET, Budget
from factory.model.evidence import PACKAGE, Package
from factory.model.gate import GATE, Gate
from factory.model.machine import Machine
from factory.model.outbox import OUTBOX, OutboxItem
from factory.model.permission import PERMISSION, Permission
from factory.model.request import REQUEST, Request
from factory.model.run import RUN, Run
from factory.model.step import ATTEMPT, NEVER_SKIPPED, STEP, Attempt, Step
from factory.model.thread import THREAD, Thread

Stateful = TypeVar("Stateful", Run, Step, Attempt, Thread, Gate, Package, Budget, OutboxItem, Permission, Request)

MACHINES: Mapping[type, Machine[Any]] = {
    Run: RUN,
    Step: STEP,
    Attempt: ATTEMPT,
    Thread: THREAD,
    Gate: GATE,
    Package: PACKAGE,
    Budget: BUDGET,
    OutboxItem: OUTBOX,
    Permission: PERMISSION,
    Request: REQUEST,
}


def after(entity: Stateful, event: str, **changes: Any) -> Stateful:
    """The entity as it is after `event`, with other fields changed along the way.

    Raises:
        Refused: its machine does not list that event for its current state, or it is a step that is never skipped.
    """
    if event == "skip":
        _check_skip(entity)
    state = MACHINES[type(entity)].after(entity.state, event)
    return replace(entity, state=state, **changes)


def is_over(entity: Stateful) -> bool:
    """Whether its state is final."""
    return entity.state in MACHINES[type(entity)].terminal


def _check_skip(entity: object) -> None:
    if isinstance(entity, Step) and entity.kind in NEVER_SKIPPED:
        raise Refused(f"The {entity.kind} step is {entity.state} and can never be skipped.", code="not_supported")
