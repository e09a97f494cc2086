"""What a checkpoint holds: a plain JSON result, or one of the four errors, never a pickle."""

import json
from collections.abc import Mapping
from typing import Any

from factory.errors import Malformed, Missing, Refused, SourceError, Unreachable, Usage
from factory.ports.engine import Json

_ERRORS: Mapping[str, type[SourceError]] = {
    kind.__name__: kind for kind in (SourceError, Unreachable, Refused, Missing, Malformed, Usage)
}


def plain(value: Any) -> Any:
    """The value as it will be read back from a checkpoint: lists for tuples, `?` for half a surrogate pair.

    Raises:
        TypeError, ValueError: it is not JSON.
    """
    return json.loads(json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace"))


def result(value: Any) -> Json:
    """The answer of a call that returned."""
    return {"ok": plain(value)}


def failure(error: SourceError) -> Json:
    """The answer of a call that met one of the four errors."""
    kind = next(parent.__name__ for parent in type(error).__mro__ if parent.__name__ in _ERRORS)
    return {"error": plain({"kind": kind, "code": error.code, "message": error.message, "hint": error.hint})}


def opened(answer: Mapping[str, Any]) -> Any:
    """The result inside an answer.

    Raises:
        SourceError: the one that the call met, of the same class, with the same code, message and hint.
    """
    error = answer.get("error")
    if error is None:
        return answer["ok"]
    raise _ERRORS[error["kind"]](error["message"], error["hint"], error["code"])
