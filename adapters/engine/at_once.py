"""`Durable` without an engine: everything is done here and now, and nothing is kept.

For work that may be lost, because it can be done again: a canary's verdict.
"""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any, Literal

from adapters.engine.answer import plain
from adapters.engine.bodies import ChildWorkflows, RunWorkflow
from factory.ports.bundle import Ports
from factory.ports.engine import Json
from factory.ports.worker import WorkerState

LONGEST_WAIT_S = 120.0
"""A workflow that would wait for longer waits for a person, and there is none."""


async def run_until_it_waits(run_workflow: RunWorkflow, children: ChildWorkflows, ports: Ports, run: str) -> None:
    """Take a run as far as it goes without a person."""
    try:
        await run_workflow(AtOnce(ports, children), ports, run)
    except _Waits:
        return


class AtOnce:
    """`Durable` of one workflow and its children."""

    def __init__(self, ports: Ports, children: ChildWorkflows) -> None:
        self._ports = ports
        self._children = children

    async def step(self, name: str, call: Callable[..., Any], *args: Any) -> Any:
        """Make the call; its result comes back as JSON would bring it."""
        made = call(*args) if inspect.iscoroutinefunction(call) else asyncio.to_thread(call, *args)
        return plain(await made)

    async def child(self, kind: Literal["build", "verify"], key: str, argument: Json) -> Json:
        """Run the child to its end."""
        answer: Json = plain(await self._children[kind](self, self._ports, plain(argument)))
        return answer

    async def wait(self, timeout_s: float) -> bool:
        """Sleep for as long as an agent has to be left alone; end the workflow when it waits for a person."""
        if timeout_s > LONGEST_WAIT_S:
            raise _Waits
        await asyncio.sleep(timeout_s)
        return False


class NoWorker:
    """`Workers` where the caller does the work."""

    def ensure(self) -> WorkerState:
        """The caller is there."""
        return WorkerState(running=True)

    def state(self) -> WorkerState:
        """The caller is there."""
        return WorkerState(running=True)

    def stop(self) -> bool:
        """There is nothing to stop."""
        return False


class _Waits(Exception):
    """The workflow waits for a person."""
