"""What time it is, without the library that makes ids."""

from datetime import UTC, datetime


def utc_now() -> str:
    """The time of this machine in UTC, as `Clock` tells it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
