"""The system's time and fresh ids."""

from datetime import UTC, datetime

from ulid import ULID


class SystemClock:
    """`Clock` of this machine."""

    def now(self) -> str:
        """UTC now, ISO-8601 with milliseconds and `Z`."""
        return datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"

    def new_id(self, prefix: str) -> str:
        """A fresh id: the prefix, `_`, and a lower-case ULID."""
        return f"{prefix}_{str(ULID()).lower()}"
