"""Moves through the moments of a recorded run: by steps, by jumps, or as time goes on. Draws nothing, reads nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from factory.rules.backoff import later
from factory.rules.moments import changed, gap_s, passed_s, played, played_gap_s, stepped
from widgets.replay import Strip

if TYPE_CHECKING:
    from factory.model.audit import Event
    from factory.rules.differences import Still

SLOWEST, FASTEST = 0.125, 1024.0
"""How many times as fast as it was."""


class Player:
    """Where a replay is. It begins at one moment, and rests.

    Args:
        moments: What happened, oldest first; never empty.
        place: Where it begins.
        speed: How many times as fast as it was.
        monotonic: Seconds that only grow.
        at: Its time there, UTC; empty for that of the event.
    """

    def __init__(
        self, moments: Sequence[Event], place: int, speed: float, monotonic: Callable[[], float], at: str = ""
    ) -> None:
        self.moments = moments
        self.place = place
        self.speed = speed
        self.is_playing = False
        self.marked: Still | None = None
        """The moment to compare with."""
        self._monotonic = monotonic
        self._since_s = 0.0
        """Seconds of the run since the event, as they are played."""
        self._looked_at = 0.0
        self._at = at

    @property
    def event(self) -> Event:
        """The one right after which everything is shown."""
        return self.moments[self.place]

    @property
    def number(self) -> int:
        """The number of that event, 1 for the first."""
        return self.place + 1

    @property
    def is_at_end(self) -> bool:
        """Whether nothing comes after this moment."""
        return self.place == len(self.moments) - 1

    def now(self) -> str:
        """The time of the run: of its event, and what was played since."""
        if self._at:
            return self._at
        passed = passed_s(self.moments, self.place, self._since_s)
        return later(self.event.at, passed) if passed else self.event.at

    def step(self, steps: int) -> bool:
        """Go so many events on, or back when below 0; False at the end."""
        return self._go(stepped(self.moments, self.place, steps))

    def jump(self, way: int) -> bool:
        """Go to the next change of state (1), or to the one before (-1); False when there is none."""
        place = changed(self.moments, self.place, way)
        return place is not None and self._go(place)

    def go_to_end(self, way: int) -> bool:
        """Go to the last moment (1) or to the first one (-1); False when it is there already."""
        return self._go(len(self.moments) - 1 if way > 0 else 0)

    def play(self) -> None:
        """Let time go on; from the end it begins again."""
        if self.is_at_end:
            self._go(0)
        self.is_playing, self._looked_at, self._at = True, self._monotonic(), ""

    def pause(self) -> None:
        """Stand still at the time that was reached: what an agent has written by then can be read."""
        self.is_playing = False

    def change_speed(self, way: int) -> None:
        """Twice as fast (1), or half as fast (-1)."""
        self.go_on()
        self.speed = max(SLOWEST, min(FASTEST, self.speed * (2.0 if way > 0 else 0.5)))

    def go_on(self) -> None:
        """Let as much time go by as did since the last call; the end pauses."""
        if not self.is_playing:
            return
        now = self._monotonic()
        since_s = self._since_s + (now - self._looked_at) * self.speed
        self._looked_at = now
        self.place, self._since_s = played(self.moments, self.place, since_s)
        if self.is_at_end:
            self.is_playing, self._since_s = False, 0.0

    def strip(self) -> Strip:
        """Where it is, for the screen."""
        gap = gap_s(self.moments, self.place) if self.is_playing else 0.0
        is_cut = gap > played_gap_s(gap)
        return Strip(
            event=self.event,
            at=f"{self.now()[:19]}Z",
            number=self.number,
            total=len(self.moments),
            is_playing=self.is_playing,
            speed=self.speed,
            gap_s=gap if is_cut else 0.0,
            gap_played_s=played_gap_s(gap) if is_cut else 0.0,
            marked=self.marked.number if self.marked else 0,
        )

    def _go(self, place: int) -> bool:
        self.is_playing, self._since_s, self._at = False, 0.0, ""
        is_new, self.place = place != self.place, place
        return is_new
