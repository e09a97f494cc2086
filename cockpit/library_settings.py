"""Settings of the screen library in the environment: one that it would fall over is taken away, and named.

Asked before the library is imported, because it reads them once. Those of them that are missing here it minds itself.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path

_COLOURS, _LOG, _PRESS = "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_LOG", "TEXTUAL_PRESS"
_SYSTEMS = ("auto", "standard", "256", "truecolor")


def without_broken(environ: MutableMapping[str, str] = os.environ) -> str:
    """Take away what cannot be used. Returns what was, and what would be right, as sentences; empty when all is."""
    problems = {
        _COLOURS: _colours(environ.get(_COLOURS)),
        _LOG: _log(environ.get(_LOG)),
        _PRESS: "no key counts here that nobody pressed" if environ.get(_PRESS) else "",
    }
    said = [f"{name} is {environ.pop(name)!r}, which is ignored: {why}." for name, why in problems.items() if why]
    return " ".join(said)


def _colours(value: str | None) -> str:
    known = value is None or value in _SYSTEMS
    return "" if known else f"set it to {', '.join(_SYSTEMS[:-1])} or {_SYSTEMS[-1]}"


def _log(value: str | None) -> str:
    """Why the library could not add a line to the file; it asks for that with every event."""
    if not value:
        return ""
    try:
        with Path(value).open("a", encoding="utf-8"):
            return ""
    except OSError as error:
        return f"it cannot be written ({error.strerror})"
