"""Reads what an agent says of its own attempt (`COCKPIT_RESULT_FILE`): claims, all of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from adapters.agents.small_files import read_object
from factory.model.step import Tokens
from factory.rules.redaction import redact

LONGEST_TEXT = 20_000
"""Characters of a summary that are kept."""
LONGEST_NAME = 200
HIGHEST_USD = 10_000
_KEYS = frozenset({"summary", "cost_usd", "tokens", "model", "session", "request_review", "verdict", "end"})
_TOKENS = ("input", "output", "cache_read", "cache_write")


@dataclass(frozen=True)
class Claims:
    """The readable parts of a result file; every field has its default where the file says nothing usable."""

    summary: str = ""
    cost_micros: int | None = None
    tokens: Tokens = Tokens()
    model: str = ""
    session: str = ""
    request_review: bool = False
    verdict: Mapping[str, Any] | None = None
    end: Mapping[str, Any] | None = None
    """What its driver counted; None for an agent that has none. Believed only where there is one."""
    problem: str = ""
    """What could not be read, as a sentence; empty when everything could, or there was no file."""


def read_claims(file: Path, secrets: Sequence[bytes] = ()) -> Claims:
    """What the file says, without secrets; its faults end up in `problem`, never in an exception.

    Args:
        secrets: Values that are secret whatever they look like.
    """
    found, problem = read_object(file)
    if found is None:
        return Claims(problem=f"The result file {problem}." if problem else "")
    return _Reader({key: plain(value, secrets) for key, value in found.items() if key in _KEYS}).claims()


class _Reader:
    """Takes what is usable, and remembers what is not."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self._found = found
        self._faults: list[str] = []

    def claims(self) -> Claims:
        """All of it."""
        claims = Claims(
            summary=self._text("summary")[:LONGEST_TEXT],
            cost_micros=self._micros(),
            tokens=self._tokens(),
            model=self._text("model")[:LONGEST_NAME],
            session=self._text("session")[:LONGEST_NAME],
            request_review=self._found.get("request_review") is True,
            verdict=_floats(self._object("verdict")),
            end=self._object("end"),
        )
        faults = "; ".join(self._faults)
        return replace(claims, problem=f"The result file is unusable in part: {faults}.") if faults else claims

    def _text(self, key: str) -> str:
        value = self._found.get(key)
        if isinstance(value, str):
            return value
        self._note(f"{key} is not text", value)
        return ""

    def _object(self, key: str) -> dict[str, Any] | None:
        value = self._found.get(key)
        if isinstance(value, dict):
            return value
        self._note(f"{key} is not an object", value)
        return None

    def _micros(self) -> int | None:
        """US dollars as whole micro-USD."""
        value = self._found.get("cost_usd")
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and 0 <= value <= HIGHEST_USD:
            return int((Decimal(value) * 1_000_000).to_integral_value())
        self._note("cost_usd is not an amount of US dollars", value)
        return None

    def _tokens(self) -> Tokens:
        found = self._object("tokens") or {}
        return Tokens(**{name: self._count(name, found.get(name)) for name in _TOKENS})

    def _count(self, name: str, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53:
            return value
        self._note(f"tokens.{name} is not a count", value)
        return 0

    def _note(self, fault: str, value: object) -> None:
        """Remember a fault, unless there was no value at all."""
        if value is not None:
            self._faults.append(fault)


def plain(value: Any, secrets: Sequence[bytes]) -> Any:
    """The value without secrets, and without halves of characters, which no file can hold."""
    if isinstance(value, str):
        return redact(value.encode("utf-8", "replace"), secrets)[0].decode("utf-8", "replace")
    if isinstance(value, list):
        return [plain(item, secrets) for item in value]
    if isinstance(value, dict):
        return {plain(key, secrets): plain(item, secrets) for key, item in value.items()}
    return value


def _floats(value: Any) -> Any:
    """The value with numbers that every JSON writer knows; what no float can hold becomes text."""
    if isinstance(value, Decimal):
        return float(value) if math.isfinite(float(value)) else str(value)
    if isinstance(value, list):
        return [_floats(item) for item in value]
    if isinstance(value, dict):
        return {key: _floats(item) for key, item in value.items()}
    return value
