"""The last known screen of a home, kept as plain text for the next start. Standard library only: it is read first."""

import os
import unicodedata
from collections.abc import Sequence

NAME = "last-screen"
MAX_BYTES = 256 * 1024
_MAGIC = "cockpit-screen-1"


class Kept:
    """A screen as it was.

    Args:
        at: When, as the clock in the header said it.
        colours: An escape sequence that only sets colours; empty without colours.
        lines: The text, without any control characters.
    """

    def __init__(self, at: str, colours: str, lines: Sequence[str]) -> None:
        self.at = at
        self.colours = colours
        self.lines = tuple(lines)


def keep(home: str, at: str, colours: Sequence[int], lines: Sequence[str], columns: int) -> None:
    """Write the screen, for its owner alone; a home that cannot be written keeps nothing.

    Args:
        colours: Foreground and background, red, green and blue each; empty without colours.
    """
    head = " ".join((_MAGIC, f"{columns}x{len(lines)}", at or "-", *map(str, colours)))
    path = os.path.join(home, NAME)  # noqa: PTH118  # pathlib takes longer to import than the screen to draw
    fresh = f"{path}.tmp"
    try:
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        try:
            os.fchmod(file, 0o600)
            os.write(file, "\n".join((head, *lines)).encode(errors="replace")[:MAX_BYTES])
        finally:
            os.close(file)
        os.replace(fresh, path)  # noqa: PTH105
    except OSError:
        return


def read_kept(home: str, columns: int, lines: int) -> Kept | None:
    """The screen that was kept at this size; None when there is none, or anything about it is odd."""
    try:
        file = os.open(os.path.join(home, NAME), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # noqa: PTH118
        try:
            text = os.read(file, MAX_BYTES).decode()
        finally:
            os.close(file)
    except (OSError, ValueError):
        return None
    head, _, body = text.partition("\n")
    magic, size, at, *numbers = [*head.split(" "), "", "", ""][: max(3, head.count(" ") + 1)]
    if magic != _MAGIC or size != f"{columns}x{lines}" or not at.replace(":", "").isdecimal():
        return None
    return Kept(at[:5], _colours(numbers), [_harmless(line) for line in body.split("\n")])


def _colours(numbers: Sequence[str]) -> str:
    """Colours as this terminal can show them; none at all where none are wanted."""
    true_colour = os.environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit")
    if os.environ.get("NO_COLOR") or not true_colour or len(numbers) != 6 or not all(map(str.isdecimal, numbers)):
        return ""
    front, back = ";".join(numbers[:3]), ";".join(numbers[3:])
    return f"\x1b[38;2;{front};48;2;{back}m"


def _harmless(line: str) -> str:
    """The line without whatever could steer a terminal; only our own cockpit writes here, but files can be changed."""
    if line.isascii() and line.isprintable():
        return line
    return "".join(one if unicodedata.category(one)[0] not in "CZ" or one == " " else "?" for one in line)
