"""Cuts secrets out of what is exported; what is left has the same shape as before."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from adapters.evidence.screen import may_hold_secrets
from adapters.flight.form import as_bytes
from factory.rules.redaction import Redactor

T = TypeVar("T")


def redact(data: bytes, secrets: Sequence[bytes]) -> tuple[bytes, int]:
    """The bytes without their secrets, and how many there were; quick where there are none."""
    redactor = Redactor(secrets, may_hold_secrets)
    return redactor.feed(data) + redactor.close(), redactor.count


def redacted(value: T, secrets: Sequence[bytes]) -> tuple[T, int]:
    """The value without its secrets, and how many there were.

    Args:
        secrets: Values that are secret whatever they look like.
    """
    data, count = redact(as_bytes(value), secrets)
    if not count:
        return value, 0
    try:
        return msgspec.json.decode(data, type=type(value)), count
    except (msgspec.MsgspecError, UnicodeDecodeError):  # a cut went through what holds the text together
        return _part_by_part(value, secrets), count


def _part_by_part(value: T, secrets: Sequence[bytes]) -> T:
    """The same, one text after the other, each with its name: that may be what makes it a secret."""
    whole: Any = msgspec.json.decode(as_bytes(value))
    return msgspec.convert(_cleaned("", whole, secrets), type=type(value))


def _cleaned(name: str, value: Any, secrets: Sequence[bytes]) -> Any:
    if isinstance(value, dict):
        return {key: _cleaned(key, each, secrets) for key, each in value.items()}
    if isinstance(value, list):
        return [_cleaned(name, each, secrets) for each in value]
    return _clean_text(name, value, secrets) if isinstance(value, str) else value


def _clean_text(name: str, text: str, secrets: Sequence[bytes]) -> str:
    clean, count = redact(text.encode(), secrets)
    _, named = redact(f'"{name}": "{text}'.encode(), secrets)
    return clean.decode() if named == count else "[redacted:assignment]"  # all of it: it may hold quotes
