"""When to try again: doubling waits, and arithmetic on the model's times."""

from datetime import UTC, datetime, timedelta

FIRST_S = 10.0
MAX_S = 300.0
SPREAD = 0.2
"""Each wait is up to this part shorter or longer, so that many items do not knock at once."""


def backoff(tries: int, key: str, first_s: float = FIRST_S, max_s: float = MAX_S) -> float:
    """Seconds to wait after failure number `tries` (1 = the first): `min(10·2^(n-1), 300)` ± 20 %.

    The spread comes from `key` and `tries`, not from chance: a replay waits the same.
    """
    from hashlib import sha256  # who only asks for the seconds between two times does without

    plain = min(first_s * 2.0 ** min(tries - 1, 32), max_s) if tries > 0 else 0.0
    number = int.from_bytes(sha256(f"{key}:{tries}".encode()).digest()[:4], "big")
    return plain * (1 + SPREAD * (2 * number / 0xFFFF_FFFF - 1))


def later(at: str, seconds: float) -> str:
    """The time `seconds` after `at`."""
    moment = datetime.fromisoformat(at) + timedelta(seconds=seconds)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_between(start: str, end: str) -> float:
    """Seconds from `start` to `end`; negative when `end` is the earlier one."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
