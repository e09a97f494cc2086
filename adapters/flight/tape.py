"""Moves along a reel: forward by its lines, backward from the nearest keyframe."""

from bisect import bisect_right
from dataclasses import dataclass

from adapters.flight.books import States
from adapters.flight.frame import Frame, Reel
from factory.errors import Malformed

APART = 256
"""Lines between two keyframes, at least."""


@dataclass(frozen=True)
class Keyframe:
    """How everything stood right after the event of a frame."""

    place: int
    states: States
    """Never changed: who goes on from here takes a copy."""


class Tape:
    """One moment of a reel, and keyframes of as much of it as was read. For one thread at a time.

    Keyframes are so far apart that copying one costs no more than the lines since the one before: the whole takes time
    and memory by the number of lines, however many entities there are.

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
        self._ahead = self._keyframes[0]

    def go(self, place: int, beats: int = 0) -> None:
        """Stand right after the event of that frame, or after so many of its beats."""
        start = self._nearest(place)
        states = start.states.copy()
        frame = self._walk(states, start.place, place)
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
        """What to go on from: this moment, or the last keyframe before that one."""
        found = self._keyframes[bisect_right(self._keyframes, place, key=lambda each: each.place) - 1]
        is_near = found.place <= self.place <= place and not self.beats
        return Keyframe(self.place, self.states) if is_near else found

    def _walk(self, states: States, start: int, stop: int) -> Frame:
        """Take states from right after the event of one frame to right after that of another; return that frame."""
        frame = None
        for place, frame in enumerate(self._reel.frames(start, stop + 1), start):
            if place > start:
                states.take(frame.lines)
                self._keep(place, states)
            if place < stop:
                states.take(frame.beats)
        return frame or self._frame(stop)

    def _keep(self, place: int, states: States) -> None:
        """Keep this moment as a keyframe, when it is time for one."""
        last = self._keyframes[-1]
        if place > last.place and states.lines - last.states.lines >= max(self._apart, len(states)):
            self._keyframes.append(Keyframe(place, states.copy()))

    def _frame(self, place: int) -> Frame:
        frame = next(self._reel.frames(place, place + 1), None)
        if frame is None:
            raise Malformed("The recording ends before its end.")
        return frame
