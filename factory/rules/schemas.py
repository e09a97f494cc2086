"""JSON schemas of what an agent gives back, for those that can be held to one. The strict reading is `verdict`."""

from collections.abc import Mapping
from typing import Any

_TEXT = {"type": "string"}


def _object(**properties: Any) -> dict[str, Any]:
    """An object with exactly these keys: the strictest form, which every agent takes."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


VERDICT: Mapping[str, Any] = _object(
    verdict={"type": "string", "enum": ["pass", "changes_requested", "inconclusive"]},
    subject=_TEXT,
    criteria={
        "type": "array",
        "items": _object(id=_TEXT, status={"type": "string", "enum": ["supported", "refuted", "unknown"]}),
    },
    findings={
        "type": "array",
        "items": _object(severity={"type": "string", "enum": ["block", "warn", "note"]}, text=_TEXT, command=_TEXT),
    },
    commands={"type": "array", "items": _TEXT},
)
"""A verifier's verdict. An empty `command` means that there is none."""

RESULT_SCHEMAS: Mapping[str, Mapping[str, Any]] = {"verifier": VERDICT}
"""By role; a coder's result is the change itself."""
