"""The moments of a recorded run that the film shows, found by what held then and not by a stopwatch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from factory.errors import Malformed
from factory.model.audit import Event
from factory.model.outbox import METRICS, OutboxItem
from factory.model.view import RunRow, RunView
from factory.rules.moves import awaits_request

MEMORY = "lightrag"
_ASIDE = ("outbox.", "page.", "port.", "command.")
"""Events of writes that go their own way beside the run: no two runs have them in the same order."""


class Recording(Protocol):
    """As much of a flight recording as the film reads."""

    @property
    def run(self) -> str:
        """Id of the run."""
        ...

    @property
    def moments(self) -> Sequence[Event]:
        """Oldest first."""
        ...

    def seek(self, seq: int) -> None:
        """Go to how everything was right after an event."""
        ...

    def view(self, run: str) -> RunView:
        """The run at that moment."""
        ...

    def rows(self, limit: int = 50) -> tuple[RunRow, ...]:
        """Its line in the list."""
        ...


@dataclass(frozen=True)
class Scene:
    """One recorded moment."""

    name: str
    at: str
    """When it was, UTC."""
    view: RunView
    row: RunRow
    events: tuple[Event, ...]
    """All of the run until then, in an order that is the same for every run."""


@dataclass(frozen=True)
class _Wanted:
    name: str
    holds: Callable[[RunView], bool]
    is_settled: bool = False
    """It lasts until somebody acts, so that every write beside the run has arrived in it."""


def scenes_of(recording: Recording) -> dict[str, Scene]:
    """Every moment of the film, in order, by its name.

    Raises:
        Malformed: this is no recording of the demo; the sentence names the moment that is not in it.
    """
    found: dict[str, Scene] = {}
    events: list[Event] = []
    waiting = iter(_WANTED)
    wanted = next(waiting, None)
    for event in recording.moments:
        events.append(event)
        recording.seek(event.seq)
        view = recording.view(recording.run)
        if wanted is not None and wanted.holds(view) and (_has_arrived(view) or not wanted.is_settled):
            found[wanted.name] = Scene(wanted.name, event.at, view, recording.rows()[0], tuple(events))
            wanted = next(waiting, None)
    if wanted is not None:
        raise Malformed(
            f"The recording of {recording.run} has no moment {wanted.name!r}, so no film can be made of it."
        )
    return dict(_in_one_order(found))


def _in_one_order(found: Mapping[str, Scene]) -> Iterator[tuple[str, Scene]]:
    """The scenes without what chance did to them: writes beside the run are as in the last scene that was settled."""
    settled = {wanted.name for wanted in _WANTED if wanted.is_settled}
    before = RunView(next(iter(found.values())).view.run)
    told: list[Event] = []
    seen = 0
    for name, scene in found.items():
        new, seen = scene.events[seen:], len(scene.events)
        told += [event for event in new if not event.action.startswith(_ASIDE)]
        told += [event for event in scene.events if event.action == _NEWS.get(name) and event.object == MEMORY]
        if name in settled:
            before = scene.view
        events = tuple(told)
        # Which system answers first is chance, and so is whether the page over all runs is on its way already.
        outbox = tuple(sorted((one for one in before.outbox if one.order_key != METRICS), key=_of_which))
        health = tuple(sorted(before.health, key=lambda port: port.id))
        view = replace(scene.view, outbox=outbox, pages=before.pages, health=health)
        yield name, replace(scene, view=view, events=events)


_NEWS = {"done": "port.outage", "delivered": "port.recovered"}
"""What the memory did to the operator's peace, told where the film shows it."""


def _of_which(item: OutboxItem) -> tuple[str, ...]:
    return item.target, item.op, item.order_key, item.created_at


def _has_arrived(view: RunView) -> bool:
    return all(item.state == "delivered" for item in view.outbox if item.target != MEMORY)


def _works(role: str, n: int) -> Callable[[RunView], bool]:
    def holds(view: RunView) -> bool:
        ours = [attempt for attempt in view.attempts if attempt.role == role]
        return len(ours) == n and ours[-1].state == "running"

    return holds


def _memory(view: RunView, state: str) -> bool:
    return any(item.state == state for item in view.outbox if item.target == MEMORY)


def _is_told(view: RunView) -> bool:
    """Whether the outage of the memory was announced, and goes on."""
    return any(port.id == MEMORY and port.outage_since for port in view.health)


_WANTED = (
    _Wanted("launched", lambda view: bool(view.outbox)),
    _Wanted("baseline", lambda view: len([item for item in view.evidence if item.baseline and item.tests]) == 3),
    _Wanted("attempt 1", _works("coder", 1)),
    _Wanted("artefacts", awaits_request, is_settled=True),
    _Wanted("sent", _works("verifier", 1)),
    _Wanted("counterexample", lambda view: any(message.kind == "verdict" for message in view.messages)),
    _Wanted("attempt 2", _works("coder", 2)),
    _Wanted("second check", _works("verifier", 2)),
    _Wanted("awaiting qa", lambda view: view.run.state == "awaiting_qa", is_settled=True),
    _Wanted("approved", lambda view: view.run.state == "closing"),
    _Wanted(
        "done",
        lambda view: view.run.state == "done" and _is_told(view) and _memory(view, "queued"),
        is_settled=True,
    ),
    _Wanted("delivered", lambda view: _memory(view, "delivered") and not _is_told(view), is_settled=True),
)
