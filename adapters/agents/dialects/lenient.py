"""Reads JSON that nobody has checked: what has another form than expected is as good as absent, never an error."""

import math
import re
from collections.abc import Mapping
from typing import Any

_PLAIN_ID = re.compile(r"[A-Za-z0-9][\w.:-]{0,199}", re.ASCII)


def words(value: Any) -> str:
    """The text, or an empty one."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> float:
    """The finite number, or 0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    try:
        return float(value) if math.isfinite(value) else 0.0
    except OverflowError:  # a whole number that is longer than any float
        return 0.0


def whole(value: Any) -> int:
    """The count, or 0: counts are never negative."""
    return max(0, int(number(value)))


def table(value: Any) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def plain_id(value: Any) -> str:
    """An id that may become an argument of a program; empty for one that could be taken for an option."""
    text = words(value)
    return text if _PLAIN_ID.fullmatch(text) else ""
