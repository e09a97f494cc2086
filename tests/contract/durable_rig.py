"""Two engines that toy workflows run on: the fake, and DBOS in this process."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from adapters.engine.host import EngineSettings, Host
from adapters.engine.log_file import log_to
from factory.errors import Refused
from factory.ports.engine import Durable, Json
from tests.fakes.durable import Crashed, MemoryDurable

DEADLINE_S = 60.0

Toy = Callable[[Durable], Awaitable[Json]]


class Engine(Protocol):
    """How a test has a workflow run to its end."""

    async def finish(self, toy: Toy, wakes: int = 0) -> Json:
        """Run it to its end, woken so many times before it starts."""
        ...

    async def die_in_the_first_wait_and_finish(self, toy: Toy) -> Json:
        """Run it until it waits, let the process die, start anew, wake it, and run it to its end."""
        ...


class InMemory:
    """The fake."""

    def __init__(self, run: str) -> None:
        self._run = run
        self.memory = MemoryDurable(children={"build": _child})

    async def finish(self, toy: Toy, wakes: int = 0) -> Json:
        for _ in range(wakes):
            self.memory.wake()
        return await self.memory.run(_ignoring_ports(toy), self._run)

    async def die_in_the_first_wait_and_finish(self, toy: Toy) -> Json:
        self.memory.idle = _die
        with pytest.raises(Crashed):
            await self.finish(toy)
        self.memory.idle = None
        return await self.finish(toy, wakes=1)


class OverDbos:
    """The real engine, in this process; dying is letting go of everything and launching again."""

    def __init__(self, folder: Path) -> None:
        self._settings = EngineSettings(url=f"sqlite:///{folder}/engine.db", listen_s=0.1)
        self._log = log_to(folder / "worker.log")
        self._toys: dict[str, Toy] = {}
        self._ended: dict[str, Json] = {}
        self._waiting = threading.Event()
        self.run = ""
        self.launch()

    async def finish(self, toy: Toy, wakes: int = 0) -> Json:
        await self._start(toy)
        return await self._finish(wakes)

    async def die_in_the_first_wait_and_finish(self, toy: Toy) -> Json:
        self._waiting.clear()
        await self._start(toy)
        await _until(self._waiting.is_set)
        await asyncio.to_thread(self.destroy)
        await asyncio.to_thread(self.launch)
        return await self._finish(wakes=1)

    def launch(self) -> None:
        ports: Any = None
        self.host = Host(ports, self._workflow, {"build": _child}, self._settings, self._log)
        self.host.launch()

    def destroy(self) -> None:
        self.host.destroy()

    def close(self) -> None:
        self.destroy()
        self._log.close()

    async def _start(self, toy: Toy) -> None:
        self._toys[self.run] = toy
        await asyncio.to_thread(self.host.runs.start, self.run)

    async def _finish(self, wakes: int) -> Json:
        workflow = await asyncio.to_thread(self.host.runs.newest, self.run)
        assert workflow is not None
        for number in range(wakes):
            await asyncio.to_thread(self.host.runs.wake, workflow, f"cmd_{number}")
        await _until(lambda: self.run in self._ended)
        return self._ended[self.run]

    async def _workflow(self, durable: Durable, ports: Any, run: str) -> Json:
        self._ended[run] = await self._toys[run](_Announced(durable, self._waiting))
        return self._ended[run]


class _Announced:
    """Tells the test when the workflow has come to a wait."""

    def __init__(self, durable: Durable, waiting: threading.Event) -> None:
        self.step = durable.step
        self.child = durable.child
        self._durable = durable
        self._waiting = waiting

    async def wait(self, timeout_s: float) -> bool:
        self._waiting.set()
        return await self._durable.wait(timeout_s)


CALLS: list[Any] = []
"""What the toys did, in order."""


def note(what: Any) -> Any:
    CALLS.append(what)
    return what


async def note_on_the_loop(what: Any) -> Any:
    CALLS.append(what)
    return what


async def _child(durable: Durable, ports: Any, argument: Json) -> Json:
    if "refused" in argument:
        raise Refused("No agent.", "Install one.", "no_agent")
    await durable.step("inside", note, argument["say"])
    return {"said": argument["say"]}


def _ignoring_ports(toy: Toy) -> Callable[[Durable, Any, str], Awaitable[Json]]:
    async def workflow(durable: Durable, ports: Any, run: str) -> Json:
        return await toy(durable)

    return workflow


def _die(timeout_s: float) -> None:
    raise Crashed("in a wait")


async def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.01)
