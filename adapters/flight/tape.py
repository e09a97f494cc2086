"""Moves along a reel: forward by its lines, backward from the nearest keyframe."""

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass

from adapters.flight.books import States
from adapters.flight.frame import Frame, Reel
from factory.errors import Malformed

APART = 256
"""Lines between two keyframes, at least."""
SHARE = 8
"""And at least one for so many entities that there are: all keyframes together hold so many times what there is."""
NEAR = 8
"""Moments on the last long way that are kept too: who goes back one event goes back another one."""


@dataclass(frozen=True)
class Keyframe:
    """How everything stood right after the event of a frame."""

    place: int
    states: States
    """Never changed: who goes on from here takes a copy."""


class Tape:
    """One moment of a reel, and keyframes of as much of it as was read. For one thread at a time.

    The more entities there are, the farther apart are the keyframes, because each one names all of them: so the whole
    takes time and memory by the number of lines.

    Raises:
        Malformed: a frame cannot be read; then the moment is the one before.
    """

    def __init__(self, reel: Reel, apart: int = APART) -> None:
        self._reel = reel
        self._apart = apart
        states = States()
        states.take(reel.before)
        self.frame = self._frame(0)
        states.take(self.frame.lines)
        self.place, self.states = 0, states
        self.beats = 0
        """How many beats of the frame are in the states."""
        self._keyframes = [Keyframe(0, states)]
        self._near: deque[Keyframe] = deque(maxlen=NEAR)
        self._ahead = self._keyframes[0]

    def go(self, place: int, beats: int = 0) -> None:
        """Stand right after the event of that frame, or after so many of its beats."""
        start = self._nearest(place)
        states = start.states.copy()
        frame = self._walk(states, start.place, place, self._near)
        beats = min(beats, len(frame.beats))
        states.take(frame.beats[:beats])
        self.place, self.frame, self.states, self.beats = place, frame, states, beats

    def read_ahead(self, frames: int) -> bool:
        """Make the keyframes of so many more frames; False when there are no more."""
        start = max(self._ahead, self._keyframes[-1], key=lambda each: each.place)
        end = len(self._reel.seqs) - 1
        stop = min(start.place + frames, end)
        states = start.states.copy()
        self._walk(states, start.place, stop)
        self._ahead = Keyframe(stop, states)
        return stop < end

    def _nearest(self, place: int) -> Keyframe:
        """What to go on from: this moment, or the last one before that one that was kept."""
        kept = self._keyframes[bisect_right(self._keyframes, place, key=lambda each: each.place) - 1]
        here = [] if self.beats else [Keyframe(self.place, self.states)]
        return max((one for one in (kept, *self._near, *here) if one.place <= place), key=lambda each: each.place)

    def _walk(self, states: States, start: int, stop: int, near: deque[Keyframe] | None = None) -> Frame:
        """Take states from right after the event of one frame to right after that of another; return that frame."""
        frame, lines = None, states.lines
        for place, frame in enumerate(self._reel.frames(start, stop + 1), start):
            if place > start:
                states.take(frame.lines)
                self._keep(place, states)
                if near is not None and states.lines - lines >= self._apart:
                    near.append(Keyframe(place, states.copy()))
                    lines = states.lines
            if place < stop:
                states.take(frame.beats)
        return frame or self._frame(stop)

    def _keep(self, place: int, states: States) -> None:
        """Keep this moment as a keyframe, when it is time for one."""
        last = self._keyframes[-1]
        lines = states.lines - last.states.lines
        if place > last.place and lines >= self._apart and lines >= len(states) // SHARE:
            self._keyframes.append(Keyframe(place, states.copy()))

    def _frame(self, place: int) -> Frame:
        frame = next(self._reel.frames(place, place + 1), None)
        if frame is None:
            raise Malformed("The recording ends before its end.")
        return frame
