"""Reads a message by paths into it: what is not there, or has another form, is as good as absent.

Each line of an agent is asked for a dozen things here: so `dict`, of which JSON is made, and not `Mapping`, which takes
ten times as long to ask for.
"""

import math
from collections.abc import Mapping
from typing import Any

from adapters.agents.dialects.lenient import number, rows, whole

HIGHEST_USD = 1_000_000


def value(message: object, *path: str) -> Any:
    """What is at the end of the path; None if there is nothing."""
    for name in path:
        if not isinstance(message, dict):
            return None
        message = message.get(name)
    return message


def text(message: object, *path: str) -> str:
    """Text, or empty. Written out, because it is what is asked for most."""
    for name in path:
        if not isinstance(message, dict):
            return ""
        message = message.get(name)
    return message if isinstance(message, str) else ""


def count(message: object, *path: str) -> int:
    """A count, or 0."""
    found = value(message, *path)
    return max(0, found) if type(found) is int else whole(found)


def mapping(message: object, *path: str) -> Mapping[str, Any]:
    """An object, or an empty one."""
    found = value(message, *path)
    return found if isinstance(found, dict) else {}


def each(message: object, *path: str) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return rows(value(message, *path))


def micros(message: object, *path: str) -> int | None:
    """US dollars as whole micro-USD, half up; None if it is no amount."""
    found = value(message, *path)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    dollars = number(found)
    return math.floor(dollars * 1_000_000 + 0.5) if 0 <= dollars <= HIGHEST_USD else None


def texts(message: object, *path: str) -> str:
    """All text of a list of content blocks (`{"type": "text", "text": …}`), one after the other."""
    return "".join(text(block, "text") for block in each(message, *path) if text(block, "type") == "text")
