"""What every stored thing has in common: an id, a namespace, a version, two times."""

from dataclasses import dataclass
from hashlib import sha256
from typing import NewType

RunId = NewType("RunId", str)
StepId = NewType("StepId", str)

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A row of the ledger. The ledger sets `version` and both times when it stores one."""

    id: str
    """Prefix and 26 characters: `run_01j…`."""
    namespace: str = "default"
    version: int = 0
    """0 = not stored yet; grows by one with each stored change."""
    created_at: str = ""
    """UTC, ISO-8601 with milliseconds."""
    updated_at: str = ""


def stable_id(prefix: str, *parts: str | int) -> str:
    """The id that the same parts always get, so that a replayed step makes the same thing and not a second one."""
    number = int.from_bytes(sha256("\0".join(map(str, parts)).encode()).digest()[:17], "big") >> 6
    text = ""
    for _ in range(26):
        number, digit = divmod(number, 32)
        text += _CROCKFORD[digit]
    return f"{prefix}_{text}"
