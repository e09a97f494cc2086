"""A window on a file of lines, huge or growing: its end first, earlier parts when they are wanted."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

FIRST = 1 << 20
"""Bytes that are read at first."""
MORE = 4 << 20
"""Bytes that are read each time somebody wants to see what was before."""
MOST = 64 << 20
"""Bytes that are held at most; a log that outgrows them while it is followed starts over with its end."""
LONGEST_OPEN = 64 << 10
"""Bytes of a last line without an end; a longer one counts as ended, so that it is not read again and again."""


@dataclass(frozen=True)
class Reach:
    """How much of a file is read and held, in bytes."""

    first: int = FIRST
    most: int = MOST
    is_whole: bool = False
    """A line is an object and not a text: it is needed as a whole, however long it is."""
    until: int | None = None
    """As if the file had so many bytes; None = all of it."""

    def size_of(self, stat: os.stat_result) -> int:
        """Bytes of the file that count."""
        return stat.st_size if self.until is None else min(stat.st_size, self.until)


TEXT = Reach()


@dataclass(frozen=True)
class LogWindow:
    """Whole lines of a file, and the beginning of the one that is being written."""

    path: Path
    start: int = 0
    """Where in the file the first line begins."""
    end: int = 0
    """Where what is read ends; the open line begins here."""
    size: int = 0
    inode: int = 0
    lines: tuple[str, ...] = ()
    """Bytes that are no UTF-8 are half characters in them; whoever draws them makes them visible."""
    first: int = 0
    """Number of the first line, counted from the one that was first when reading began: below 0 further up."""
    open_line: str = ""
    changed: float = 0.0
    """When the file was written last; seconds since the epoch."""
    reach: Reach = TEXT

    @property
    def all_lines(self) -> tuple[str, ...]:
        """With the line that is not finished."""
        return (*self.lines, self.open_line) if self.open_line else self.lines


def read_end(path: Path, reach: Reach = TEXT) -> LogWindow | None:
    """The end of a file; None when there is none that can be read."""
    try:
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())
            start = max(0, reach.size_of(stat) - reach.first)
            file.seek(start)
            data = file.read(reach.size_of(stat) - start)
    except OSError:
        return None
    cut = _cut(data, reach) if start else 0
    if start and reach.is_whole and cut in (0, len(data)):  # one line is longer than all that was read
        found = read_end(path, replace(reach, first=4 * reach.first))
        return found and replace(found, reach=reach)
    start, data = start + cut, data[cut:]
    window = LogWindow(path, start, start, start + len(data), stat.st_ino, changed=stat.st_mtime, reach=reach)
    return _taken(window, data)


def read_on(window: LogWindow, until: int | None = None) -> LogWindow | None:
    """The window with what was written since; the same object when nothing was. None when the file is gone.

    Args:
        until: As if the file had so many bytes; None = all of it.
    """
    reach = replace(window.reach, until=until)
    try:
        with window.path.open("rb") as file:
            stat = os.fstat(file.fileno())
            size = reach.size_of(stat)
            if stat.st_ino != window.inode or size < window.size:
                return read_end(window.path, reach)  # another file, or one that was cut
            if size == window.size:
                return window
            if size - window.start > reach.most:
                return read_end(window.path, reach)
            file.seek(window.end)
            data = file.read(size - window.end)
    except OSError:
        return None
    return _taken(replace(window, size=window.end + len(data), changed=stat.st_mtime, reach=reach), data)


def read_back(window: LogWindow, more: int = MORE) -> LogWindow:
    """The window with earlier lines in front; the same object when there are none, or no more can be held."""
    if window.start == 0 or window.end - window.start >= window.reach.most:
        return window
    begin = max(0, window.start - more)
    try:
        with window.path.open("rb") as file:
            file.seek(begin)
            data = file.read(window.start - begin)
    except OSError:
        return window
    cut = _cut(data, window.reach) if begin else 0
    if begin and window.reach.is_whole and cut in (0, len(data)):
        return read_back(window, 4 * more)
    earlier = _split(data[cut:].removesuffix(b"\n"))
    first = window.first - len(earlier)
    return replace(window, start=begin + cut, first=first, lines=(*earlier, *window.lines))


def _taken(window: LogWindow, data: bytes) -> LogWindow:
    """The window with bytes that follow its end."""
    whole = data.rfind(b"\n") + 1
    if len(data) - whole > LONGEST_OPEN and not window.reach.is_whole:
        lines = (*window.lines, *_split(data))
        return replace(window, end=window.end + len(data), lines=lines, open_line="")
    lines = (*window.lines, *_split(data[: whole - 1])) if whole else window.lines
    return replace(window, end=window.end + whole, lines=lines, open_line=_text(data[whole:]))


def _cut(data: bytes, reach: Reach) -> int:
    """Where the first line begins that is there from its beginning; a text that is longer begins in its middle: 0."""
    return data.find(b"\n", 0, None if reach.is_whole else LONGEST_OPEN) + 1


def _split(data: bytes) -> list[str]:
    return _text(data).split("\n")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
