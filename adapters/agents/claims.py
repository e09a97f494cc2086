"""Reads what an agent says of its own attempt (`COCKPIT_RESULT_FILE`): claims, all of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from adapters.agents.small_files import read_object
from factory.model.step import Tokens
from factory.rules.redaction import redact

LONGEST_TEXT = 20_000
"""Characters of a summary that are kept."""
HIGHEST_USD = 10_000
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
    problem: str = ""
    """What could not be read, as a sentence; empty when everything could, or there was no file."""


def read_claims(file: Path) -> Claims:
    """What the file says, secrets cut out; its faults end up in `problem`, never in an exception."""
    found, problem = read_object(file)
    if found is None:
        return Claims(problem=f"The result file {problem}." if problem else "")
    faults: list[str] = []
    return Claims(
        summary=_text(found, "summary", faults)[:LONGEST_TEXT],
        cost_micros=_micros(found.get("cost_usd"), faults),
        tokens=_tokens(found.get("tokens"), faults),
        model=_text(found, "model", faults)[:200],
        session=_text(found, "session", faults)[:200],
        request_review=found.get("request_review") is True,
        verdict=_verdict(found.get("verdict"), faults),
        problem=f"The result file is unusable in part: {'; '.join(faults)}." if faults else "",
    )


def _text(found: Mapping[str, Any], key: str, faults: list[str]) -> str:
    value = found.get(key)
    if value is not None and not isinstance(value, str):
        faults.append(f"{key} is not text")
    return _clean(value) if isinstance(value, str) else ""


def _micros(value: object, faults: list[str]) -> int | None:
    """US dollars as whole micro-USD."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= HIGHEST_USD:
        faults.append("cost_usd is not an amount of US dollars")
        return None
    return int((Decimal(value) * 1_000_000).to_integral_value())


def _tokens(value: object, faults: list[str]) -> Tokens:
    if value is None:
        return Tokens()
    if not isinstance(value, dict):
        faults.append("tokens is not an object")
        return Tokens()
    counts = {name: value.get(name, 0) for name in _TOKENS}
    wrong = [name for name, count in counts.items() if type(count) is not int or not 0 <= count < 1 << 53]
    faults += [f"tokens.{name} is not a count" for name in wrong]
    return Tokens(**{name: 0 if name in wrong else count for name, count in counts.items()})


def _verdict(value: object, faults: list[str]) -> Mapping[str, Any] | None:
    """The verdict as plain JSON values; what its words mean is not decided here."""
    if value is None:
        return None
    if not isinstance(value, dict):
        faults.append("verdict is not an object")
        return None
    return {_clean(key): _plain(item) for key, item in value.items()}


def _plain(value: Any) -> Any:
    """The value with clean texts, and with numbers that every JSON writer knows."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, Decimal):
        return float(value) if math.isfinite(float(value)) else str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_clean(key): _plain(item) for key, item in value.items()}
    return value


def _clean(text: str) -> str:
    """The text without secrets, and without halves of characters, which no file can hold."""
    return redact(text.encode("utf-8", "replace"))[0].decode("utf-8", "replace")
