"""Does something at once after a quiet time, and then at most so often: many wishes become one."""

from collections.abc import Callable
from typing import Protocol

PACE_S = 0.1
"""Ten pictures a second are all that anybody can read."""
FLOOD_PACE_S = 0.25
"""While more happens than anybody can read: each picture costs the same, however much is in it."""
FLOOD = 5
"""So many changes at once belong to a flood."""
FLOOD_TURNS = 3
"""One after the other; fewer are a burst, which is shown as soon as anything."""
REST_S = 0.12
"""A key that is held down comes again sooner than this."""


class Call(Protocol):
    """A call that was asked for."""

    def cancel(self) -> None:
        """It is not wanted any more."""
        ...


class Loop(Protocol):
    """What calls back later."""

    def call_later(self, delay: float, callback: Callable[[], object]) -> Call:
        """Call after so many seconds."""
        ...


class Pace:
    """One thing that is wished often and done seldom. It is done once more after the last wish, never left out.

    Args:
        do: What is wished.
        loop: Asked for the event loop when it is needed.
        pause_s: The shortest time between two.
    """

    def __init__(self, do: Callable[[], object], loop: Callable[[], Loop], pause_s: float = PACE_S) -> None:
        self._do = do
        self._loop = loop
        self.pause_s = pause_s
        """The shortest time between two; another one holds from the next time on."""
        self._is_resting = False
        self._is_wished = False
        self._is_over = False

    def wish(self) -> None:
        """Do it now if it was not done for a while, else as soon as the pause is over."""
        self._is_wished = True
        if not self._is_resting:
            self._now()

    def stop(self) -> None:
        """Do nothing any more, whatever is wished: there is nobody left to do it."""
        self._is_over = True

    def _now(self) -> None:
        if self._is_over:
            return
        self._is_resting = self._is_wished
        if self._is_wished:
            self._is_wished = False
            self._loop().call_later(self.pause_s, self._now)
            self._do()


class Flood:
    """Tells a flood of changes, which goes on, from a burst that is over soon."""

    def __init__(self) -> None:
        self._turns = 0

    def take(self, changes: int) -> None:
        """Note how many changes one turn brought."""
        self._turns = min(2 * FLOOD_TURNS, self._turns + 1) if changes >= FLOOD else max(0, self._turns - 2)

    @property
    def pace_s(self) -> float:
        """The shortest time to the next turn."""
        return FLOOD_PACE_S if self._turns >= FLOOD_TURNS else PACE_S


class Rest:
    """One thing that is done at once after a quiet time, and else when the wishes have come to rest.

    Args:
        do: What is wished.
        loop: Asked for the event loop when it is needed.
        quiet_s: How long nothing is wished before it is done.
    """

    def __init__(self, do: Callable[[], object], loop: Callable[[], Loop], quiet_s: float = REST_S) -> None:
        self._do = do
        self._loop = loop
        self._quiet_s = quiet_s
        self._is_wished = False
        self._end: Call | None = None

    def wish(self) -> None:
        """Do it now, or as soon as nothing more is wished."""
        if self._end is None:
            self._do()
        else:
            self._end.cancel()
            self._is_wished = True
        self._end = self._loop().call_later(self._quiet_s, self._rest)

    def _rest(self) -> None:
        self._end = None
        if self._is_wished:
            self._is_wished = False
            self._do()
