"""`Durable` in memory: a journal that survives the crashes which a test asks for."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from adapters.engine.answer import failure, opened, result
from factory.errors import SourceError
from factory.ports.bundle import Ports
from factory.ports.engine import Durable, Json

RunWorkflow = Callable[[Durable, Ports, str], Awaitable[Json]]
ChildWorkflow = Callable[[Durable, Ports, Json], Awaitable[Json]]


class Crashed(BaseException):
    """The process died here. Run the workflow again with the same `MemoryDurable`. No `except` of ours catches it."""


@dataclass
class _Entry:
    name: str
    answer: Json


@dataclass
class MemoryDurable:
    """The engine's memory, and the `Durable` of whichever workflow `run` is in.

    A test keeps one instance over all crashes of one run. Nothing here takes real time.
    """

    ports: Any = None
    """Handed to the workflow and its children; `Ports`, or whatever a toy workflow wants."""
    children: Mapping[str, ChildWorkflow] = field(default_factory=dict)
    idle: Callable[[float], None] | None = None
    """Called by `wait` when nobody has woken the run, with its timeout: here the test acts as operator or clock."""
    most_waits: int = 100
    """After so many waits in a row that nobody ended, the run is taken to hang."""
    names: list[str] = field(default_factory=list)
    """Every step whose call was made, in order, children's too; one that was made twice is here twice."""
    waits: list[float] = field(default_factory=list)
    """The timeout of every wait that was made."""
    _journals: dict[str, list[_Entry]] = field(default_factory=dict)
    _wakes: int = 0
    _in_vain: int = 0
    _effects: int = 0
    _crash_before: int = 0
    _crash_after: int = 0

    async def run(
        self, workflow: RunWorkflow, run: str = "run_1", *, crash_at: int = 0, crash_after_effect: int = 0
    ) -> Json:
        """Run the workflow to its end; what its journal holds is not done again.

        Args:
            workflow: `workflow(durable, ports, run)`.
            run: The run's id; each has its own journal.
            crash_at: Die before the call of the n-th step that is not in the journal (1 = the first).
            crash_after_effect: Die after that call, before its result is kept: it will be made once more.

        Raises:
            Crashed: it died as asked.
        """
        self._effects, self._crash_before, self._crash_after = 0, crash_at, crash_after_effect
        answer: Json = result(await workflow(_Memory(self, run), self.ports, run))["ok"]
        return answer

    def wake(self) -> None:
        """Wake the run: its next wait returns at once."""
        self._wakes += 1

    def journal(self, workflow: str = "run_1") -> tuple[str, ...]:
        """What a workflow has behind it, by name: steps, `wait`, `child KEY`. A child's id is its key."""
        return tuple(entry.name for entry in self._journals.get(workflow, ()))

    async def _effect(self, name: str, call: Callable[..., Any], args: tuple[Any, ...]) -> Json:
        self._effects += 1
        if self._effects == self._crash_before:
            raise Crashed(f"before step {self._effects}, {name}")
        self.names.append(name)
        answer = await _answer(call, args)
        if self._effects == self._crash_after:
            raise Crashed(f"after step {self._effects}, {name}, and before its checkpoint")
        return answer

    def _woken(self, timeout_s: float) -> bool:
        self.waits.append(timeout_s)
        if not self._wakes and self.idle is not None:
            self.idle(timeout_s)
        woken = self._wakes > 0
        self._wakes -= woken
        self._in_vain = 0 if woken else self._in_vain + 1
        assert self._in_vain < self.most_waits, f"the run waited {self._in_vain} times in a row and nobody came"
        return woken


class _Memory:
    """`Durable` of one workflow: replays its journal, then goes on writing it."""

    def __init__(self, memory: MemoryDurable, workflow: str) -> None:
        self._memory = memory
        self._journal = memory._journals.setdefault(workflow, [])
        self._position = 0

    async def step(self, name: str, call: Callable[..., Any], *args: Any) -> Any:
        """Make the call once and keep its result."""
        place, kept = self._next(name)
        if kept is None:
            kept = self._keep(place, name, await self._memory._effect(name, call, args))
        return opened(kept)

    async def child(self, kind: Literal["build", "verify"], key: str, argument: Json) -> Json:
        """Run the child to its end, here and now; one that has ended is not run again."""
        place, kept = self._next(f"child {key}")
        if kept is None:
            child, durable = self._memory.children[kind], _Memory(self._memory, key)
            kept = self._keep(place, f"child {key}", await durable._whole(child, argument))
        answer: Json = opened(kept)
        return answer

    async def wait(self, timeout_s: float) -> bool:
        """True when somebody woke the run; else the time is over at once."""
        place, kept = self._next("wait")
        if kept is None:
            kept = self._keep(place, "wait", result(self._memory._woken(timeout_s)))
        return bool(opened(kept))

    async def _whole(self, child: ChildWorkflow, argument: Json) -> Json:
        ended = next((entry for entry in self._journal if entry.name == "end"), None)
        if ended is not None:
            return ended.answer
        answer = await _answer(child, (self, self._memory.ports, result(argument)["ok"]))
        self._journal.append(_Entry("end", answer))
        return answer

    def _next(self, name: str) -> tuple[int, Json | None]:
        place = self._position
        self._position += 1
        if place >= len(self._journal):
            return place, None
        entry = self._journal[place]
        assert entry.name == name, f"the workflow is not deterministic: {name!r} where it did {entry.name!r} before"
        return place, entry.answer

    def _keep(self, place: int, name: str, answer: Json) -> Json:
        assert place == len(self._journal), f"{name!r} ran beside another step: their order could differ next time"
        self._journal.append(_Entry(name, answer))
        return answer


async def _answer(call: Callable[..., Any], args: tuple[Any, ...]) -> Json:
    try:
        made = call(*args) if inspect.iscoroutinefunction(call) else asyncio.to_thread(call, *args)
        return result(await made)
    except SourceError as error:
        return failure(error)
