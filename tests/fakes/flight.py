"""A recorded run without a recording: one picture of the run for each of its moments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from factory.errors import Missing, Refused
from factory.model.audit import ChainHead, Event
from factory.model.outbox import OutboxItem, PortHealth
from factory.model.view import RunRow, RunView
from tests.fakes.run_row import row_of


@dataclass
class FakeFlight:
    """`Flight` over pictures that were made before; stands at the first moment."""

    moments: Sequence[Event]
    pictures: Sequence[RunView]
    """One for each moment; their times and events are put in here."""
    beaten: Mapping[int, Sequence[tuple[str, RunView]]] = field(default_factory=dict)
    """`seq` -> the signs of life after it, each with the picture from then on."""
    place: int = 0
    seeks: list[tuple[int, int]] = field(default_factory=list)
    _beat: int = 0

    @property
    def run(self) -> str:
        """The run of the pictures."""
        return self.pictures[0].run.id

    @property
    def first(self) -> int:
        """Of the oldest moment."""
        return self.moments[0].seq

    @property
    def last(self) -> int:
        """Of the newest moment."""
        return self.moments[-1].seq

    @property
    def seq(self) -> int:
        """Of the moment it stands at."""
        return self.moments[self.place].seq

    @property
    def beats(self) -> int:
        """How many signs of life came after it."""
        return len(self.beaten.get(self.seq, ()))

    @property
    def at(self) -> str:
        """The time that is shown."""
        return self.beaten[self.seq][self._beat - 1][0] if self._beat else self.moments[self.place].at

    def seek(self, seq: int, beats: int = 0) -> None:
        """Stand at the last moment up to this one."""
        self.seeks.append((seq, beats))
        self.place = max((at for at, event in enumerate(self.moments) if event.seq <= seq), default=0)
        self._beat = min(beats, self.beats)

    def view(self, run: str) -> RunView:
        """The picture of the moment. Raises `Missing`."""
        if run != self.run:
            raise Missing(f"There is no run {run} in this recording.")
        picture = self.beaten[self.seq][self._beat - 1][1] if self._beat else self.pictures[self.place]
        return replace(picture, events=self.events(run=run)[-50:], head=self.head(), as_of=self.at)

    def rows(
        self, limit: int = 50, state: str = "", ids: Sequence[str] | None = None, skip: int = 0
    ) -> tuple[RunRow, ...]:
        """The run as a line."""
        row = row_of(self.view(self.run))
        return (row,) if (ids is None or row.id in ids) and state in ("", row.state) and not skip else ()

    def events(
        self, since: int = 0, limit: int = 1000, run: str = "", actions: Sequence[str] = ()
    ) -> tuple[Event, ...]:
        """Those up to the moment."""
        known = self.moments[: self.place + 1]
        found = (event for event in known if event.seq > since and run in ("", event.run))
        return tuple(event for event in found if not actions or event.action in actions)[:limit]

    def head(self) -> ChainHead:
        """The event of the moment."""
        return ChainHead(self.seq, self.moments[self.place].hash)

    def run_ids(self) -> tuple[str, ...]:
        """The run alone."""
        return (self.run,)

    def find(self, kind: type[Any], /, **equal: Any) -> tuple[Any, ...]:
        """What belongs to no run, and what waits to be written."""
        view = self.view(self.run)
        found: tuple[Any, ...] = {PortHealth: view.health, OutboxItem: view.outbox}.get(kind, ())
        return tuple(one for one in found if all(getattr(one, name) == value for name, value in equal.items()))

    def get(self, kind: type[Any], id: str) -> Any:
        """One of them. Raises `Missing`."""
        found = [one for one in self.find(kind) if one.id == id]
        if not found:
            raise Missing(f"There is no {kind.__name__.lower()} {id} in this recording.")
        return found[0]

    def resolve(self, text: str) -> str:
        """The run."""
        return self.run

    def stamp(self) -> int:
        """Another number after every move."""
        return len(self.seeks)

    def pending(self) -> tuple[Any, ...]:
        """Nothing waits."""
        return ()

    def write(self, actor: str, work: Callable[[Any], Any], key: str = "") -> NoReturn:
        """Refuses."""
        raise Refused("A recording cannot be changed.", "", "not_supported")

    def beat(self, attempt: str, heartbeat: str, progress: str, gauge: Any = None, session: str = "") -> NoReturn:
        """Refuses."""
        raise Refused("A recording cannot be changed.", "", "not_supported")

    def applied(self, command: str, error: str = "") -> NoReturn:
        """Refuses."""
        raise Refused("A recording cannot be changed.", "", "not_supported")
