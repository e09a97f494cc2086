"""What the cockpit of the film reads and asks: one recorded moment after the other, behind the ports it always has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cockpit.film.scenes import Scene
from factory.errors import Missing, Refused
from factory.model.audit import ChainHead, Event
from factory.model.launch import Launch, Preview
from factory.model.outbox import OutboxItem, PortHealth
from factory.model.status import ReviewCard
from factory.model.view import RunRow, RunView
from factory.operations.results import Approved, Done, Started
from factory.ports.worker import WorkerState

BEGAN = "2026-01-05T09:00:00.000Z"
"""The film's clock when it begins."""


def film_time(seconds: float) -> str:
    """A moment of the film, UTC."""
    at = datetime.fromisoformat(BEGAN) + timedelta(seconds=seconds)
    return at.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


@dataclass
class FilmClock:
    """Both clocks of the cockpit; they move when the script says so."""

    seconds: float = 0.0

    def now(self) -> str:
        """UTC."""
        return film_time(self.seconds)

    def monotonic(self) -> float:
        """Seconds since the film began, and one: 0 is what a source has that was never seen."""
        return self.seconds + 1.0

    def new_id(self, prefix: str) -> str:
        """Nothing new comes about in a film."""
        raise NotImplementedError(prefix)


@dataclass
class FilmLedger:
    """As much of a `Ledger` as the cockpit reads, at one recorded moment."""

    scenes: Mapping[str, Scene]
    scene: Scene | None = None
    """What it shows; None before the launch."""

    def show(self, name: str) -> None:
        """Go on to a moment."""
        self.scene = self.scenes[name]

    @property
    def count(self) -> int:
        """How many events there are."""
        return len(self.scene.events) if self.scene else 0

    def stamp(self) -> int:
        """Nobody can tell."""
        return 0

    def head(self) -> ChainHead:
        """Count and hash of the newest event."""
        return ChainHead(self.count, self.scene.events[-1].hash) if self.scene else ChainHead()

    def rows(
        self, limit: int = 50, state: str = "", ids: Sequence[str] | None = None, skip: int = 0
    ) -> tuple[RunRow, ...]:
        """The one run."""
        if self.scene is None or skip or (ids is not None and self.scene.row.id not in ids):
            return ()
        return (self.scene.row,)

    def view(self, run: str) -> RunView:
        """The one run. Raises `Missing`."""
        if self.scene is None or self.scene.row.id != run:
            raise Missing(f"There is no run {run}.")
        return self.scene.view

    def events(self, since: int = 0, limit: int = 1000, run: str = "") -> tuple[Event, ...]:
        """Events after `since`."""
        return self.scene.events[since : since + limit] if self.scene else ()

    def find(self, kind: type[Any], /, **equal: Any) -> tuple[Any, ...]:
        """Systems, and writes to them; there is nothing else beside the run."""
        view = self.scene.view if self.scene else None
        if view is None or kind not in (PortHealth, OutboxItem):
            return ()
        found = view.health if kind is PortHealth else view.outbox
        return tuple(one for one in found if all(getattr(one, name) == value for name, value in equal.items()))


class FilmWorkers:
    """A worker runs, as it did when the run was recorded."""

    def ensure(self) -> WorkerState:
        """It runs."""
        return WorkerState(True, 1)

    state = ensure

    def stop(self) -> bool:
        """Nothing stops."""
        return False


@dataclass
class FilmOperations:
    """What was asked of the real factory is answered as the real factory did, and brings the moment after it.

    Args:
        go_on: Shows the moment that an operation led to.
    """

    ledger: FilmLedger
    preview_shown: Preview
    card: ReviewCard
    actor: str
    go_on: Callable[[str], None] = field(default=lambda name: None)

    def preview(self, launch: Launch) -> Preview:
        """What the real launch form showed."""
        return self.preview_shown

    def recent(self) -> Sequence[Any]:
        """Nothing was launched before."""
        return ()

    def requests(self) -> Sequence[Any]:
        """Nobody asks for anything."""
        return ()

    def start(self, launch: Launch) -> Started:
        """The run that was started."""
        self.go_on("launched")
        return Started(self.card.run, "ready", created=True)

    def verify(self, run: str) -> Done:
        """It was sent."""
        self.go_on("sent")
        return Done(run, "running", "thread.request")

    def review(self, run: str) -> ReviewCard:
        """The card that was shown."""
        return self.card

    def approve(self, run: str, digest: str, viewed: Sequence[str], open_ms: int) -> Approved:
        """It was approved. Raises `Refused`: `stale_package`, another digest."""
        if digest != self.card.digest:
            raise Refused("This is not what was approved.", code="stale_package")
        self.go_on("approved")
        (made,) = self.ledger.view(run).approvals[-1:]
        return Approved(made.id, run, "closing", digest, self.actor, made.created_at, is_new=True)


@dataclass(frozen=True)
class FilmDesk:
    """`Sight` of the film."""

    clock: FilmClock
    ledger: FilmLedger
    workers: FilmWorkers
