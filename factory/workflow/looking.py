"""A look at the ledger: what comes next. Moves that are a row in the ledger and nothing else are made on the way."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from factory.errors import SourceError
from factory.model.run import Run
from factory.model.view import RunView
from factory.ports.engine import Json
from factory.rules.moves import Move, next_move, wait_until
from factory.workflow.flow import Flow, move
from factory.workflow.progress import release
from factory.workflow.records import write_records


@dataclass(frozen=True)
class Look:
    """What was seen: the move to make, and how long the ledger was."""

    move: Move
    count: int
    until: str = ""
    """For a wait: when to look again at the latest (UTC); empty = whenever somebody wakes the run."""


async def look(flow: Flow, loop: int) -> Look:
    """The next move, as the ledger stands at this checkpoint."""
    seen = await flow.step(f"look-{loop}", _look)
    return Look(Move(**seen["move"]), seen["count"], seen.get("until", ""))


def make_small(flow: Flow, _key: str, chosen: Move) -> None:
    """Make a move that is a row in the ledger and nothing else. Made twice, it changes nothing.

    Raises:
        SourceError: the ledger says no.
    """
    SMALL[chosen.kind](flow, f"{flow.run}:{chosen.kind}:{chosen.step}:{chosen.n}", chosen)


def _look(flow: Flow, key: str) -> Json:
    view = flow.view()
    chosen = next_move(view)
    while chosen.kind in SMALL and (moved := _moved(flow, key, chosen, view)) is not None:
        view, chosen = moved, next_move(moved)
    if chosen.kind in ("wait", "end"):
        write_records(flow.ports, view)
    return {"move": asdict(chosen), "count": view.head.count, "until": wait_until(view)}


def _moved(flow: Flow, key: str, chosen: Move, before: RunView) -> RunView | None:
    """The run after a small move; None when it could not be made or changed nothing, which is to be told."""
    try:
        make_small(flow, key, chosen)
    except SourceError:
        return None
    view = flow.view()
    return view if next_move(view) != chosen and view.head != before.head else None


def _begin(flow: Flow, key: str, _chosen: Move) -> None:
    flow.write(key, lambda tx: move(tx, tx.get(Run, flow.run), "start"))


def _release(flow: Flow, key: str, chosen: Move) -> None:
    release(flow, key, chosen.step)


SMALL: Mapping[str, Callable[[Flow, str, Move], None]] = {"begin": _begin, "release": _release}
