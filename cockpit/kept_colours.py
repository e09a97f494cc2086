"""The colours of the screen, kept in the home: the next first picture is drawn in them, without the theme.

Standard library only: it is read before anything is drawn.
"""

import os
from collections.abc import Mapping

NAME = "colours"
MAX_BYTES = 4096
_FORM = "cockpit-colours-1"
_SEEN_BY = ("TERM", "COLORTERM", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG")
"""What decides how a terminal is drawn on. Colours are only for a terminal like the one that they were kept on."""
_CODE = frozenset("0123456789;")

Colours = Mapping[str, str]
"""What a name looks like: parameters of SGR, such as `38;5;145`. Only digits and semicolons."""
PLAIN: Colours = {"dim": "2", "rule": "2", "frame": "2", "number": "2", "strong": "1", "title": "1", "cursor": "1"}
"""Where nothing fits: attributes alone, on the terminal's own colours."""


def keep(home: str, colours: Colours) -> None:
    """Write the colours, for their owner alone; a home that cannot be written keeps nothing."""
    text = "\n".join((_FORM, _terminal(), *(f"{name}={code}" for name, code in colours.items())))
    path = os.path.join(home, NAME)  # noqa: PTH118  # pathlib takes longer to import than the file to read
    fresh = f"{path}.tmp"
    try:
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        try:
            os.fchmod(file, 0o600)
            os.write(file, text.encode(errors="replace"))
        finally:
            os.close(file)
        os.replace(fresh, path)  # noqa: PTH105
    except OSError:
        return


def read_kept(home: str) -> Colours:
    """The colours that were kept on a terminal like this one; `PLAIN` when there are none, or anything is odd."""
    try:
        file = os.open(os.path.join(home, NAME), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # noqa: PTH118
        try:
            form, terminal, *lines = os.read(file, MAX_BYTES).decode().split("\n")
        finally:
            os.close(file)
    except (OSError, ValueError):
        return PLAIN
    pairs = [line.partition("=") for line in lines]
    if form != _FORM or terminal != _terminal() or not all(_CODE.issuperset(code) for _, _, code in pairs):
        return PLAIN  # only our own cockpit writes here, but files can be changed
    return {name: code for name, _, code in pairs}


def _terminal() -> str:
    return " ".join(ascii(os.environ.get(name, "")) for name in _SEEN_BY)
