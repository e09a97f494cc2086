"""Does something at once after a quiet time, and then at most so often: many wishes become one."""

from collections.abc import Callable
from typing import Protocol

PACE_S = 0.1
"""Ten pictures a second are all that anybody can read."""


class Loop(Protocol):
    """What calls back later."""

    def call_later(self, delay: float, callback: Callable[[], object]) -> object:
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
        self._pause_s = pause_s
        self._is_resting = False
        self._is_wished = False

    def wish(self) -> None:
        """Do it now if it was not done for a while, else as soon as the pause is over."""
        self._is_wished = True
        if not self._is_resting:
            self._now()

    def _now(self) -> None:
        self._is_resting = self._is_wished
        if self._is_wished:
            self._is_wished = False
            self._loop().call_later(self._pause_s, self._now)
            self._do()
