"""A toy factory behind a real worker: each run's goal is a tiny script, and each effect is a line in a file.

`python -m tests.e2e.engine_toy HOME VERSION WORKFLOW_VERSION IDLE_EXIT_S` is its worker. Nothing in the home but
`effects`, `broken` and `sockets` is the toy's own.
"""

import asyncio
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.clock import SystemClock
from adapters.engine.host import EngineSettings
from adapters.engine.work import Work, WorkerSettings
from adapters.engine.worker import run_worker
from adapters.ledger.open import open_ledger
from factory.errors import SourceError
from factory.model.run import Run
from factory.model.states import after
from factory.ports.bundle import Ports
from factory.ports.engine import Durable, Json


async def run_workflow(durable: Durable, ports: Ports, run: str) -> Json:
    """Do what the goal says, then end the run."""
    script, _, argument = (await durable.step("goal", _goal, ports, run)).partition(" ")
    await SCRIPTS[script](durable, ports, run, argument)
    await durable.step("end", _end, ports, run)
    return {"run": run}


async def child(durable: Durable, ports: Ports, argument: Json) -> Json:
    """One effect; then, with `until`, an agent that works until that file is there."""
    await durable.step("child", effect, ports, argument["run"], argument["name"])
    if argument.get("until"):
        await durable.step("agent", _agent, argument["until"])
    return {"done": argument["name"]}


async def _steps(durable: Durable, ports: Ports, run: str, count: str) -> None:
    for number in range(int(count)):
        await durable.step(f"step {number}", effect, ports, run, f"{number}")


async def _park(durable: Durable, ports: Ports, run: str, _argument: str) -> None:
    looks = 0
    while not await durable.step(f"look {looks}", _is_approved, ports, run):
        looks += 1
        await durable.step(f"parked {looks}", effect, ports, run, "parked")
        await durable.wait(600)
    await durable.step("approved", effect, ports, run, "approved")


async def _children(durable: Durable, ports: Ports, run: str, count: str) -> None:
    for number in range(int(count)):
        await durable.child("build", f"{run}:build:{number}", {"run": run, "name": f"child {number}"})


async def _agents(durable: Durable, ports: Ports, run: str, until: str) -> None:
    await durable.child("build", f"{run}:build:1", {"run": run, "name": "agent", "until": until})


async def _defect(durable: Durable, ports: Ports, run: str, fixed: str) -> None:
    await durable.step("before", effect, ports, run, "before")
    if not await durable.step("fixed", Path(fixed).exists):
        raise ZeroDivisionError("a defect of the toy")


async def _lost(durable: Durable, ports: Ports, run: str, once: str) -> None:
    """The first time, its task dies as it would when the engine's database refuses every write."""
    if not Path(once).exists():
        Path(once).touch()
        raise asyncio.CancelledError
    await durable.step("found", effect, ports, run, "found")


SCRIPTS = {
    "steps": _steps, "park": _park, "children": _children, "agent": _agents, "defect": _defect, "lost": _lost,
}  # fmt: skip


def _goal(ports: Ports, run: str) -> str:
    return ports.ledger.get(Run, run).goal


def _is_approved(ports: Ports, run: str) -> bool:
    return "approved" in ports.ledger.get(Run, run).labels


def _end(ports: Ports, run: str) -> None:
    ports.ledger.write("worker", lambda tx: tx.put(after(tx.get(Run, run), "cancel"), "run.cancel"), key=f"{run}:end")


async def _agent(until: str) -> None:
    while not Path(until).exists():  # noqa: ASYNC110 - another process makes it
        await asyncio.sleep(0.02)


def effect(ports: Ports, run: str, name: str) -> None:
    """One line in `effects`, as the world outside would see it."""
    _append(ports.scratch / "effects", f"{run} {name}")
    time.sleep(0.003)


def _append(path: Path, line: str) -> None:
    with path.open("a") as file:
        file.write(f"{line}\n")


def _assemble(home: Path) -> Work:
    nothing: Any = None
    ports = Ports(
        clock=SystemClock(), ledger=open_ledger(home / "ledger.db", SystemClock()), scratch=home, workspace=nothing,
        agents=nothing, checks=nothing, evidence=nothing, memory=nothing, pages=nothing, prompts=nothing,
        router=nothing, workers=nothing, inside_agent=str,
    )  # fmt: skip
    return Work(
        ports, run_workflow, {"build": child, "verify": child}, deliver_due=lambda ports, now, target: 5.0,
        on_broken=lambda run, why: _append(home / "broken", f"{run} {why}"),
    )  # fmt: skip


def main(home: Path, version: str, workflow_version: str, idle_exit_s: float) -> int:
    """Be the worker; its exit code, as the command line would give it."""
    os.umask(0o077)
    sys.addaudithook(lambda event, args: _note_network(home, event))
    engine = EngineSettings(f"sqlite:///{home}/engine.db", 1, workflow_version, listen_s=0.2)
    settings = WorkerSettings(home, version, home / "ledger.db", engine, idle_exit_s, look_s=0.1, lost_s=1.0)
    try:
        run_worker(settings, lambda: _assemble(home))
    except SourceError as error:
        print(error.message, file=sys.stderr)
        return error.exit_code
    return 0


def _note_network(home: Path, event: str) -> None:
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"):
        _append(home / "sockets", event)


def approve(run: Run) -> Run:
    """The run as an operator leaves it who lets it go on."""
    return replace(run, labels=("approved",))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])))
