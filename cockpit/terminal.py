"""What the terminal can show, as its environment tells; asked before any large library is imported."""

import os
from collections.abc import Mapping
from typing import Literal

Reach = Literal["", "marks", "ambiguous", "all"]
"""What is drawn in ASCII: nothing, our own marks and frames, these and characters of ambiguous width, or everything."""

DUMB = ("dumb", "unknown")
"""Values of `TERM` for terminals that cannot move their cursor."""
_WIDE = ("ja", "ko", "zh")
"""Languages whose terminals often draw characters of ambiguous width two cells wide."""


def why_no_screen(environ: Mapping[str, str] = os.environ) -> str:
    """Why nothing can be drawn on this terminal, as a sentence; empty when something can."""
    term = environ.get("TERM", "")
    return f"The cockpit needs a terminal that can move its cursor, and TERM is {term!r}." if term in DUMB else ""


def speaks_utf8(environ: Mapping[str, str] | None = None) -> bool:
    """Whether the locale is one of UTF-8."""
    return "utf" in _locale(_started_with() if environ is None else environ).lower()


def reach_of(ascii_: str, ambiguous: str, environ: Mapping[str, str] | None = None) -> Reach:
    """What has to be drawn in ASCII.

    Args:
        ascii_: `yes`, `no`, or `auto` for what the locale says.
        ambiguous: `wide`, `narrow`, or `auto` for what the language says.
    """
    given = _started_with() if environ is None else environ
    if ascii_ == "auto" and not speaks_utf8(given):
        return "all"
    if ambiguous == "wide" or (ambiguous == "auto" and ascii_ == "auto" and _locale(given)[:2] in _WIDE):
        return "ambiguous"
    return "marks" if ascii_ == "yes" else ""


def _locale(environ: Mapping[str, str]) -> str:
    return next((environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "")


def _started_with() -> Mapping[str, str]:
    """The environment as it was given to us: Python itself puts a locale of UTF-8 where there was none (PEP 538)."""
    try:
        with open("/proc/self/environ", "rb") as file:  # noqa: PTH123 - pathlib is not needed before the first picture
            block = file.read()
    except OSError:
        return os.environ
    pairs = (part.partition(b"=") for part in block.split(b"\0") if part)
    given = {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}
    return {**os.environ, **{name: given.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")}}
