"""The durable engine, as the workflow sees it."""

from collections.abc import Callable
from typing import Any, Literal, Protocol

Json = dict[str, Any]


class Durable(Protocol):
    """Makes plain async code survive: what a step returned once is never computed again.

    Workflow code does no I/O of its own, reads no clock and draws no random number: only steps do.
    """

    async def step(self, name: str, call: Callable[..., Any], *args: Any) -> Any:
        """Run `call(*args)` (sync: in a thread; async: on the loop) once and remember its JSON result."""
        ...

    async def child(self, kind: Literal["build", "verify"], key: str, argument: Json) -> Json:
        """Run a child workflow on the limited queue and wait for its result; the same key never runs twice."""
        ...

    async def wait(self, timeout_s: float) -> bool:
        """Sleep until somebody wakes this run, or the time is over. True when woken."""
        ...
