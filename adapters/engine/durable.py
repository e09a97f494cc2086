"""`Durable` over DBOS: the view that one running workflow has of the engine."""

import asyncio
import contextvars
import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Literal, TypeVar

from dbos import DBOS

from adapters.engine.answer import failure, opened, result
from adapters.engine.bells import Bells, heard
from adapters.engine.queue_bell import BELL
from factory.errors import SourceError
from factory.ports.engine import Json

T = TypeVar("T")

AGENTS = "agents"
"""The limited queue: build and verify, which start agents."""
WAKE = "wake"
"""The one topic: somebody changed the ledger, look at it."""
FAILED = frozenset({"ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})
"""Engine states from which a workflow never goes on."""
OVER = FAILED | {"SUCCESS"}

_LONGEST_WAIT_S = 10 * 365 * 86_400.0
_RECHECK_S = 1.0
_LAST_LOOKS_S = 0.02


class DbosDurable:
    """`Durable` inside one DBOS workflow.

    Args:
        version: Our workflow version; children are claimed only by workers of it.
        bells: Rung by the host when a child of this process has ended.
    """

    def __init__(self, version: str, bells: Bells) -> None:
        self._version = version
        self._bells = bells

    async def step(self, name: str, call: Callable[..., Any], *args: Any) -> Any:
        """Run `call(*args)` once and checkpoint its JSON result, or the `SourceError` that it met."""
        if inspect.iscoroutinefunction(call):
            return opened(await DBOS.run_step_async({"name": name}, _on_the_loop(call, args)))
        return opened(await DBOS.run_step_async({"name": name}, _in_a_thread(call, args)))

    async def child(self, kind: Literal["build", "verify"], key: str, argument: Json) -> Json:
        """Run a child workflow with id `key` on the limited queue and wait for its result.

        A child that ended in a defect is done again under `key#2`, `key#3`, … when its parent was started again.
        """
        free = await _look(usable_id, key)  # no checkpoint of its own: a replay gets the child that was recorded
        handle = await DBOS.enqueue_workflow_with_options_async(
            {"workflow_name": kind, "queue_name": AGENTS, "workflow_id": free, "app_version": self._version},
            argument,
        )
        BELL.ring(AGENTS)
        await self._end_of(handle.get_workflow_id())
        answer: Json = opened(await handle.get_result(polling_interval_sec=_LAST_LOOKS_S))
        BELL.ring(AGENTS)  # its place is free for one that waits
        return answer

    async def wait(self, timeout_s: float) -> bool:
        """Sleep until somebody wakes this run, or the time is over; a restart goes on with the same deadline."""
        return await DBOS.recv_async(WAKE, min(timeout_s, _LONGEST_WAIT_S)) is not None

    async def _end_of(self, workflow_id: str) -> None:
        with self._bells.listening(workflow_id) as bell:
            while not await _look(_is_over, workflow_id):
                if await heard(bell, _RECHECK_S):
                    return


async def _look(at: Callable[[str], T], workflow_id: str) -> T:
    """Ask the engine outside the workflow's own context: looks must leave no trace in its history."""
    return await asyncio.to_thread(contextvars.Context().run, at, workflow_id)


def usable_id(key: str) -> str:
    """The first of `key`, `key#2`, `key#3`, … whose workflow is not known or has not ended in a defect."""
    candidate, number = key, 1
    while _state(candidate) in FAILED:
        number += 1
        candidate = f"{key}#{number}"
    return candidate


def _state(workflow_id: str) -> str:
    status = DBOS.get_workflow_status(workflow_id)
    return status.status if status else ""


def _is_over(workflow_id: str) -> bool:
    return _state(workflow_id) in OVER


def _in_a_thread(call: Callable[..., Any], args: tuple[Any, ...]) -> Callable[[], Json]:
    def once() -> Json:
        try:
            return result(call(*args))
        except SourceError as error:
            return failure(error)

    return once


def _on_the_loop(call: Callable[..., Any], args: tuple[Any, ...]) -> Callable[[], Coroutine[Any, Any, Json]]:
    async def once() -> Json:
        try:
            return result(await call(*args))
        except SourceError as error:
            return failure(error)

    return once
