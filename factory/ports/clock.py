"""Time and fresh ids."""

from typing import Protocol


class Clock(Protocol):
    """Time and fresh ids: the only source of chance."""

    def now(self) -> str:
        """UTC, ISO-8601 with milliseconds and `Z`."""
        ...

    def new_id(self, prefix: str) -> str:
        """A fresh id: the prefix, `_`, and a lower-case ULID."""
        ...
