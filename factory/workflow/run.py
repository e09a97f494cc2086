"""The workflow of a run: look at the ledger, make the one next move, look again."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass

from factory.errors import Malformed, SourceError
from factory.model.run import Run
from factory.ports.bundle import Ports
from factory.ports.engine import Durable, Json
from factory.rules.moves import Move, next_move
from factory.workflow.asking import ask
from factory.workflow.blocking import hold_up
from factory.workflow.building import build
from factory.workflow.closing import close, wind_up
from factory.workflow.flow import Flow, move
from factory.workflow.freezing import freeze
from factory.workflow.planning import plan
from factory.workflow.progress import release
from factory.workflow.records import write_records
from factory.workflow.verifying import verify

WAIT_S = 600.0
"""A wait looks again by itself after this long, so that a lost wake costs time and nothing else."""


async def run_workflow(durable: Durable, ports: Ports, run: str) -> Json:
    """Take a run from `ready` to its end. Started again at any point, it goes on from the ledger."""
    flow = Flow(durable, ports, run)
    loop, before = 0, Look(Move("wait"), -1)
    while (seen := await _look(flow, loop)).move.kind != "end":
        loop += 1
        if seen.move.kind == "wait":
            await durable.wait(WAIT_S)
        else:
            await _make(flow, loop, seen, before)
        before = seen
    return {"run": run}


@dataclass(frozen=True)
class Look:
    """What was seen: the move to make, and how long the ledger was."""

    move: Move
    count: int


async def _make(flow: Flow, loop: int, seen: Look, before: Look) -> None:
    """Make a move; what cannot be made becomes a named blocker. A move that changed nothing is not made for ever."""
    try:
        if seen == before:
            raise Malformed(f"The move {seen.move.kind!r} changed nothing.", "Retry; see log/worker.log.", "stuck")
        await MOVES[seen.move.kind](flow, seen.move)
    except SourceError as error:
        await flow.step(f"hold-{loop}-{seen.count}", hold_up, seen.move, error)


async def _look(flow: Flow, loop: int) -> Look:
    seen = await flow.step(f"look-{loop}", _next)
    return Look(Move(**seen["move"]), seen["count"])


def _next(flow: Flow, _key: str) -> Json:
    view = flow.view()
    chosen = next_move(view)
    if chosen.kind in ("wait", "end"):
        write_records(flow.ports, view)
    return {"move": asdict(chosen), "count": view.head.count}


async def _begin(flow: Flow, _move: Move) -> None:
    await flow.step("begin", _start)


def _start(flow: Flow, key: str) -> None:
    flow.write(key, lambda tx: move(tx, tx.get(Run, flow.run), "start"))


async def _release(flow: Flow, chosen: Move) -> None:
    await flow.step(f"release:{chosen.step}:{chosen.n}", release, chosen.step)


MOVES: Mapping[str, Callable[[Flow, Move], Awaitable[None]]] = {
    "begin": _begin,
    "release": _release,
    "plan": plan,
    "build": build,
    "ask": ask,
    "verify": verify,
    "freeze": freeze,
    "close": close,
    "wind_up": wind_up,
}
