"""What every part of the workflow has in its hands: the engine, the ports and the run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from factory.model.identity import stable_id
from factory.model.states import Stateful, after
from factory.model.view import RunView
from factory.ports.bundle import Ports
from factory.ports.engine import Durable
from factory.ports.ledger import Transaction

WORKER = "worker"
"""The actor of what the factory itself does."""
_TELLING = {"step": ("kind",), "attempt": ("role", "n")}
"""What names these to people; their ids do not."""


@dataclass(frozen=True)
class Flow:
    """One run on its way through the workflow."""

    durable: Durable
    ports: Ports
    run: str

    async def step(self, name: str, call: Callable[..., Any], *args: Any) -> Any:
        """Do `call(flow, key, *args)` once; `key` is what its ledger writes carry."""
        return await self.durable.step(name, call, self, f"{self.run}:{name}", *args)

    def view(self) -> RunView:
        """The run as the ledger has it now. Only for code inside a step."""
        return self.ports.ledger.view(self.run)

    def write(self, key: str, work: Callable[[Transaction], object]) -> None:
        """One transaction of the worker; nothing happens when a replayed step has written it already."""
        self.ports.ledger.write(WORKER, work, key)

    def stable(self, prefix: str, *parts: str | int) -> str:
        """An id that a replay makes again."""
        return stable_id(prefix, self.run, *parts)


def move(tx: Transaction, entity: Stateful, event: str, **changes: Any) -> Stateful:
    """Move an entity on and store it: one transition, one event, which says which step or attempt it was."""
    return move_telling(tx, entity, event, {}, **changes)


def move_telling(tx: Transaction, entity: Stateful, event: str, told: Mapping[str, Any], **changes: Any) -> Stateful:
    """The same, with an event that says this besides."""
    kind = type(entity).__name__.lower()
    moved = after(entity, event, **changes)
    detail = {name: getattr(moved, name) for name in _TELLING.get(kind, ())}
    return tx.put(moved, f"{kind}.{event}", {**detail, **told})
