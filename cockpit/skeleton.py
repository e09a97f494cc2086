"""The first picture: frames, or the last known screen, on the terminal before any large library is imported.

It takes a few milliseconds, so only `os`, `sys`, `signal` and `termios` are imported here.
"""

import os
import signal
import sys
import termios
from collections.abc import Sequence
from typing import Any, NoReturn

from cockpit.last_screen import Kept, read_kept
from cockpit.terminal import reach_of

MIN_COLUMNS, MIN_LINES = 80, 24
READING = "reading the ledger…"
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
        self._attributes: list[Any] = []

    def show(self, home: str) -> None:
        """Draw, if somebody looks at a terminal that is large enough. Draws once; says nothing when it cannot."""
        if self.is_up or not _can_draw():
            return
        columns, lines = _size()
        if columns < MIN_COLUMNS or lines < MIN_LINES:
            return
        kept = read_kept(home, columns, lines)
        ascii_only = bool(reach_of("auto", "auto"))
        try:
            self._attributes = termios.tcgetattr(0)
            silent = termios.tcgetattr(0)
            silent[3] &= ~(termios.ECHO | termios.ICANON)  # what is typed now is for the cockpit, and stays off screen
            termios.tcsetattr(0, termios.TCSANOW, silent)
        except termios.error:
            return
        self.is_up = True
        for number in SIGNALS:
            signal.signal(number, self._end)
        _write(ENTER + BEGIN + drawn(columns, lines, kept, ascii_only=ascii_only) + END)

    def undo(self) -> None:
        """Give the terminal back as it was, so that a message can be read. Harmless when nothing was drawn."""
        if self.hand_over():
            _write(LEAVE)

    def hand_over(self) -> bool:
        """Let the next program draw on the alternate screen; whether there was a skeleton on it."""
        if not self.is_up:
            return False
        self.is_up = False
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        termios.tcsetattr(0, termios.TCSANOW, self._attributes)
        return True

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
        return rest[1]
    if len(rest) == 1 and rest[0].startswith("--home="):
        return rest[0].removeprefix("--home=")
    return None


def drawn(columns: int, lines: int, kept: Kept | None, *, ascii_only: bool) -> str:
    """The whole picture, as a terminal takes it."""
    colours, rows = ("", frames(columns, lines)) if kept is None else (kept.colours, kept.lines)
    said = f" COCKPIT  {READING}" + (f"  below: as of {kept.at}, not live" if kept else "")
    rows = (said.ljust(columns)[:columns], *rows[1:])
    text = "".join(f"\x1b[{number};1H{row}" for number, row in enumerate(rows[:lines], 1))
    text = text.translate(_ASCII).encode("ascii", "replace").decode() if ascii_only else text
    # Everything is dim: it is not true any more, or not yet.
    return f"{colours}\x1b[2J\x1b[2m{text}\x1b[0m"


def frames(columns: int, lines: int) -> tuple[str, ...]:
    """Empty panes where the main screen has its own: the goals above, the selected one below in one to four columns."""
    height = lines - 4
    if columns < 120:
        live = max(4, (height - 11) * 2 // 5)
        goals = height - 11 - live
        body = [*_box("Goals", columns, goals), *_box("", columns, 11), *_box("", columns, live)]
    elif columns < 180:
        body = [*_box("Goals", columns, 10), *_beside((56,), columns, height - 10)]
    else:
        top, below = ((73,), (27, 23, 23)) if columns >= 240 else ((67,), (33, 34))
        body = [*_beside(top, columns, 12, "Goals"), *_beside(below, columns, height - 12)]
    return ("", *body, "", "", "")


def _beside(shares: Sequence[int], columns: int, height: int, title: str = "") -> list[str]:
    edges = [columns * sum(shares[:number]) // 100 for number in range(len(shares) + 1)] + [columns]
    boxes = [_box("" if at else title, edges[at + 1] - edges[at], height) for at in range(len(shares) + 1)]
    return ["".join(parts) for parts in zip(*boxes, strict=True)]


def _box(title: str, width: int, height: int) -> list[str]:
    head = f" {title} " if title else ""
    top = f"╭{'─' if head else ''}{head}".ljust(width - 1, "─") + "╮"
    return [top, *[f"│{' ' * (width - 2)}│"] * (height - 2), f"╰{'─' * (width - 2)}╯"]


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


_ASCII = {ord(old): new for old, new in zip("╭╮╰╯├┤│─…·", "++++++|-.-", strict=True)}
