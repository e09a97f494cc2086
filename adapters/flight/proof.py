"""Whether a recording is what was recorded: every event against its hash, every state against its event."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from adapters.flight.books import States
from adapters.flight.frame import Frame, Line
from factory.model.audit import Event, canonical_json, event_hash

_BEATS = frozenset(("last_heartbeat", "last_progress", "session_ref", "gauge"))
"""The columns that no event vouches for."""


@dataclass(frozen=True)
class Proof:
    """What came of the check. The events of one run are no whole chain: each is checked alone, and with the next."""

    moments: int
    redacted: int
    """Moments out of which a secret was cut: their digests cannot match, and nobody can tell what else was changed."""
    altered: tuple[int, ...]
    """`seq` of every moment that is not what was recorded."""

    @property
    def ok(self) -> bool:
        """Nothing that can be checked was changed."""
        return not self.altered

    @property
    def sentence(self) -> str:
        """For people."""
        if self.altered:
            more = f" and {len(self.altered) - 1} more" if len(self.altered) > 1 else ""
            return f"This is not what was recorded: moment {self.altered[0]}{more} of {self.moments} was changed."
        if self.redacted:
            held = f"{self.moments - self.redacted} of {self.moments} moments are as they were recorded"
            return f"{held}; {self.redacted} without a secret cannot be checked."
        return f"{self.moments} moments are as they were recorded; files of evidence and logs were not checked."


class Prover:
    """Checks frame after frame.

    Args:
        before: How what belongs to no run stood before the first.
    """

    def __init__(self, before: Iterable[Line]) -> None:
        self._states = States()
        self._states.take(before)
        self._unsure: set[str] = set()  # entities that a secret was cut out of
        self._last: Event | None = None

    def check(self, frames: Iterable[Frame]) -> Proof:
        """Check all of them. Raises what reading them raises."""
        moments = redacted = 0
        altered = []
        for frame in frames:
            moments += 1
            redacted += bool(frame.redacted)
            if not self._holds(frame):
                altered.append(frame.event.seq)
        return Proof(moments, redacted, tuple(altered))

    def _holds(self, frame: Frame) -> bool:
        """Whether the hash of the event, its link to the one before, and the state after it are right."""
        event, last = frame.event, self._last
        self._last = event
        if {"lines", "beats"} & set(frame.redacted):
            self._unsure.update(line.entity for line in (*frame.lines, *frame.beats))
        self._states.take(frame.lines)
        links = last is None or last.seq + 1 != event.seq or event.prev_hash == last.hash
        is_itself = "event" in frame.redacted or event.hash == event_hash(event)
        holds = links and is_itself and all(self._is_vouched_for(frame, state) for state in self._after(frame))
        self._states.take(frame.beats)
        return holds and all(line.kind == "attempts" and _BEATS.issuperset(line.values) for line in frame.beats)

    def _after(self, frame: Frame) -> Iterator[Mapping[str, Any]]:
        """What the lines of a frame made of their entities."""
        return (self._states.values(line.kind, line.entity) for line in frame.lines)

    def _is_vouched_for(self, frame: Frame, state: Mapping[str, Any]) -> bool:
        id = state.get("id")
        if id in self._unsure or "event" in frame.redacted:
            return True
        return id == frame.event.object and _digest(state) == frame.event.after_sha256


def _digest(state: Mapping[str, Any]) -> str:
    return sha256(canonical_json(dict(state)).encode()).hexdigest()
