"""How a terminal is told things: a desktop notification, the bell, its title. Only text that is made safe goes out."""

from collections.abc import Mapping
from typing import Literal, cast

from factory.rules.visible import one_line

Method = Literal["osc777", "osc9", "bell", "off"]
METHODS = ("auto", "osc777", "osc9", "bell", "off")
"""What `[notify] method` can be."""

ESC, ST, BEL = "\x1b", "\x1b\\", "\a"
_OSC777 = ("foot", "rxvt", "ghostty", "wezterm", "kitty")
_OSC9 = ("iterm", "warp")
_NO_TITLE = ("", "dumb", "linux")
"""Terminals that would print a title instead of taking it."""


def method_for(wanted: str, environ: Mapping[str, str]) -> Method:
    """The wanted method; for `auto` the one that the terminal is known to take, else the bell, which all take."""
    if wanted != "auto":
        return cast("Method", wanted if wanted in METHODS else "off")
    names = " ".join(environ.get(name, "") for name in ("TERM", "TERM_PROGRAM", "LC_TERMINAL")).lower()
    hints = {"KITTY_WINDOW_ID": "kitty", "WEZTERM_PANE": "wezterm", "GHOSTTY_RESOURCES_DIR": "ghostty"}
    names += " ".join(word for name, word in hints.items() if environ.get(name))
    if any(name in names for name in _OSC777):
        return "osc777"
    return "osc9" if any(name in names for name in _OSC9) else "bell"


def notification(text: str, method: Method, environ: Mapping[str, str]) -> str:
    """What to write so that the terminal calls its user; empty when that is off.

    Inside tmux the sequence goes through to the terminal (`allow-passthrough`), and a bell marks the window.
    """
    if method == "off":
        return ""
    if method == "bell":
        return BEL
    body = _safe(text)
    sequence = f"{ESC}]9;{body}{ST}" if method == "osc9" else f"{ESC}]777;notify;Cockpit;{body}{ST}"
    return through_tmux(sequence) + BEL if environ.get("TMUX") else sequence


def through_tmux(sequence: str) -> str:
    """The sequence as tmux hands it on to the terminal outside."""
    return f"{ESC}Ptmux;{sequence.replace(ESC, ESC + ESC)}{ST}"


def title(text: str, environ: Mapping[str, str]) -> str:
    """What to write so that the window (in tmux: the pane) is called so; empty where nothing takes a title."""
    return f"{ESC}]2;{_safe(text)}{ST}" if takes_title(environ) else ""


def keep_title(environ: Mapping[str, str]) -> str:
    """What to write so that the terminal remembers the title of before."""
    return f"{ESC}[22;2t" if takes_title(environ) else ""


def restore_title(environ: Mapping[str, str]) -> str:
    """What to write to give the title of before back; where nothing remembered it, the title is empty."""
    return f"{ESC}]2;{ST}{ESC}[23;2t" if takes_title(environ) else ""


def takes_title(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is one that takes titles."""
    return environ.get("TERM", "") not in _NO_TITLE


def _safe(text: str) -> str:
    """Text that ends no sequence and starts none, and that has no semicolon, which separates the parts of one."""
    return one_line(text).replace(";", ",").encode("utf-8", "replace").decode()
