"""The workflow of a run: look at the ledger, make the one next move, look again."""

from collections.abc import Awaitable, Callable, Mapping

from factory.errors import Malformed, SourceError
from factory.ports.bundle import Ports
from factory.ports.engine import Durable, Json
from factory.rules.backoff import seconds_between
from factory.rules.moves import Move
from factory.workflow.asking import ask
from factory.workflow.blocking import hold_up
from factory.workflow.building import build
from factory.workflow.closing import close, wind_up
from factory.workflow.flow import Flow
from factory.workflow.freezing import freeze
from factory.workflow.looking import Look, look, make_small
from factory.workflow.planning import plan
from factory.workflow.verifying import verify

FIRST_S = 0.05
"""A look is never so close behind another that it sees the same moment."""
WAIT_S = 600.0
"""A wait looks again by itself after this long, so that a lost wake costs time and nothing else."""


async def run_workflow(durable: Durable, ports: Ports, run: str) -> Json:
    """Take a run from `ready` to its end. Started again at any point, it goes on from the ledger."""
    flow = Flow(durable, ports, run)
    loop, before = 0, Look(Move("wait"), -1)
    while (seen := await look(flow, loop)).move.kind != "end":
        loop += 1
        if seen.move.kind == "wait":
            await durable.wait(_wait_s(ports, seen.until))
        else:
            await _make(flow, loop, seen, before)
        before = seen
    return {"run": run}


def _wait_s(ports: Ports, until: str) -> float:
    """Seconds to wait at most."""
    return min(WAIT_S, max(FIRST_S, seconds_between(ports.clock.now(), until))) if until else WAIT_S


async def _make(flow: Flow, loop: int, seen: Look, before: Look) -> None:
    """Make a move; what cannot be made becomes a named blocker. A move that changed nothing is not made for ever."""
    try:
        if seen == before:
            raise Malformed(f"The move {seen.move.kind!r} changed nothing.", "Retry; see log/worker.log.", "stuck")
        await MOVES[seen.move.kind](flow, seen.move)
    except SourceError as error:
        await flow.step(f"hold-{loop}-{seen.count}", hold_up, seen.move, error)


async def _small(flow: Flow, chosen: Move) -> None:
    """One that the look could not make on its way; now its error is heard."""
    await flow.step(f"{chosen.kind}:{chosen.step}:{chosen.n}", make_small, chosen)


MOVES: Mapping[str, Callable[[Flow, Move], Awaitable[None]]] = {
    "begin": _small,
    "release": _small,
    "plan": plan,
    "build": build,
    "ask": ask,
    "verify": verify,
    "freeze": freeze,
    "close": close,
    "wind_up": wind_up,
}
