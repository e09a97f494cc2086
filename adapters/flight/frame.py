"""What a recording is made of: frames, one for each moment of a run, and where they come from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from factory.model.audit import Event


class Line(NamedTuple):
    """One stored change of one entity."""

    seq: int
    """Of its event; of a beat, which has none: the newest event then."""
    run: str
    """Empty for what belongs to no run."""
    kind: str
    """Name of its table."""
    entity: str
    values: Mapping[str, Any]
    """Columns that changed; all of them for a new entity."""

    @property
    def is_beat(self) -> bool:
        """A sign of life of an agent: no state change, so no new version."""
        return "version" not in self.values


class Frame(NamedTuple):
    """One moment of a run: an event, and what was stored then."""

    event: Event
    lines: tuple[Line, ...] = ()
    """What the event changed; empty for a note."""
    beats: tuple[Line, ...] = ()
    """What agents showed of themselves from then to the next frame."""
    redacted: tuple[str, ...] = ()
    """`event`, `lines`, `beats`: out of these a secret was cut for the export, so their digests cannot match."""


class Reel(Protocol):
    """The frames of one run, wherever they lie. May raise a `SourceError` whenever it is read."""

    @property
    def run(self) -> str:
        """Id of the run."""
        ...

    @property
    def before(self) -> Sequence[Line]:
        """How what belongs to no run stood before the first frame."""
        ...

    @property
    def seqs(self) -> Sequence[int]:
        """The `seq` of each frame, oldest first; never empty."""
        ...

    def frames(self, start: int, stop: int) -> Iterator[Frame]:
        """The frames at these places, oldest first; reads no others."""
        ...

    def close(self) -> None:
        """Let go of where they lie."""
        ...


def framed(events: Iterator[Event], lines: Iterator[Line]) -> Iterator[Frame]:
    """Frames out of events and of the lines from the first event on; both oldest first, the lines in their order."""
    line = next(lines, None)
    event = next(events, None)
    while event is not None:
        after = next(events, None)
        mine: list[Line] = []
        beats: list[Line] = []
        while line is not None and (after is None or line.seq < after.seq):
            (beats if line.is_beat else mine).append(line)
            line = next(lines, None)
        yield Frame(event, tuple(mine), tuple(beats))
        event = after
