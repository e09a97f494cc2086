"""The terminal before the screen library is there: taken in the first milliseconds, and given back if a start fails.

Only `os`, `sys`, `signal` and `termios` are imported here.
"""

import os
import signal
import sys
import termios
from collections.abc import Sequence
from typing import Any, NoReturn

READING = "reading the ledger..."
"""ASCII: every terminal can show it."""
ALTERNATE = "\x1b[?1049h"
ENTER = f"{ALTERNATE}\x1b[?25l\x1b[?7l"
"""Alternate screen, no cursor, no wrapping."""
LEAVE = "\x1b[?7h\x1b[?1049l\x1b[?25h"
SIGNALS = (signal.SIGTERM, signal.SIGHUP)
"""They end the cockpit; the terminal is given back first, as far as it is still there."""
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"
"""A terminal that knows them shows what lies between as one picture."""


class Skeleton:
    """What was changed on the terminal, and how it is changed back. There is one in a process."""

    def __init__(self) -> None:
        self.is_up = False
        self.is_waiting = False
        """Whether only the words stand there that the ledger is read."""
        self.size = (0, 0)
        """Columns and lines."""
        self._attributes: list[Any] = []

    def show(self) -> None:
        """Take the terminal, if somebody looks at one that can show a screen. Draws once; says nothing if it cannot."""
        if self.is_up or not _can_draw():
            return
        try:
            self._attributes = termios.tcgetattr(0)
            silent = termios.tcgetattr(0)
            silent[3] &= ~(termios.ECHO | termios.ICANON)  # what is typed now is for the cockpit, and stays off screen
            termios.tcsetattr(0, termios.TCSANOW, silent)
        except termios.error:
            return
        self.is_up = self.is_waiting = True
        self.size = _size()
        for number in SIGNALS:
            signal.signal(number, self._end)
        _write(f"{ENTER}\x1b[2J\x1b[1;1H COCKPIT  {READING}")

    def fill(self, picture: str) -> None:
        """Draw the first picture in the place of these words, as one."""
        self.is_waiting = False
        _write(BEGIN + picture + END)

    def undo(self) -> None:
        """Give the terminal back as it was, so that a message can be read. Harmless when nothing was drawn."""
        before = self.hand_over()
        if before is not None:
            termios.tcsetattr(0, termios.TCSANOW, before)
            _write(LEAVE)

    def hand_over(self) -> list[Any] | None:
        """Let the next program have the screen; how the keyboard was set before, or None when nothing was changed."""
        if not self.is_up:
            return None
        self.is_up = self.is_waiting = False
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        return self._attributes

    def _end(self, number: int, _: object) -> NoReturn:
        try:
            self.undo()
        finally:  # also when the terminal is gone
            os._exit(128 + number)


SKELETON = Skeleton()


def has_terminal() -> bool:
    """Whether there is somebody to look at a screen and to press keys."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def wanted_home(words: Sequence[str]) -> str | None:
    """The home of a call that opens the cockpit, as far as one can tell early; None for any other call."""
    rest = [word for word in words if word not in ("--no-color", "--ascii")]
    if not rest:
        return os.environ.get("COCKPIT_HOME") or _usual_home()
    if len(rest) == 2 and rest[0] == "--home":
        return os.path.expanduser(rest[1])  # noqa: PTH111
    if len(rest) == 1 and rest[0].startswith("--home="):
        return os.path.expanduser(rest[0].removeprefix("--home="))  # noqa: PTH111
    return None


def _can_draw() -> bool:
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        return False
    try:
        return all(os.isatty(number) for number in (0, 1, 2))
    except OSError:
        return False


def _size() -> tuple[int, int]:
    """As the screen library finds it: what the environment says goes first."""
    told = [os.environ.get(name, "") for name in ("COLUMNS", "LINES")]
    try:
        real = os.get_terminal_size(1)
    except OSError:
        return 0, 0
    columns, lines = (int(text) if text.isdecimal() else 0 for text in told)
    return columns or real.columns, lines or real.lines


def _usual_home() -> str:
    state = "~/Library/Application Support" if sys.platform == "darwin" else "~/.local/state"
    return os.path.join(os.environ.get("XDG_STATE_HOME") or os.path.expanduser(state), "cockpit")  # noqa: PTH111, PTH118


def _write(text: str) -> None:
    data = text.encode(errors="replace")
    while data:
        data = data[os.write(2, data) :]  # where the screen library writes, too
