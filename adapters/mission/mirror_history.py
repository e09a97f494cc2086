"""The server's own history: the one feed there that can be asked for what is new."""

from collections.abc import Callable
from datetime import datetime

from adapters.mission.client import MissionClient
from adapters.mission.mirror_tasks import ask
from factory.model.mission import MissionActivity

BACK_S = 3600.0
"""How far back a worker looks at most when it starts."""


class History:
    """Reads each line once.

    Args:
        wall: Seconds since 1970.
    """

    def __init__(self, client: MissionClient, wall: Callable[[], float]) -> None:
        self._client = client
        self._wall = wall
        self._second = 0
        """Of the newest line that was read."""
        self._lines: frozenset[int] = frozenset()
        """Those of that second."""

    def fresh(self, seen_at: str) -> tuple[MissionActivity, ...]:
        """The lines that were not read yet, oldest first. Raises `Trouble`.

        Args:
            seen_at: When the server was seen last; UTC, empty = never. It counts for the first call.
        """
        since = (self._second or self._first(seen_at)) - 1  # lines of one second come in several answers
        lines = ask(lambda: self._client.activities(since))
        fresh = tuple(line for line in lines if line.id not in self._lines)
        self._second = max((line.created_at for line in lines), default=since + 1)
        self._lines = frozenset(line.id for line in lines if line.created_at == self._second)
        return fresh

    def _first(self, seen_at: str) -> int:
        try:
            seen = datetime.fromisoformat(seen_at).timestamp()
        except ValueError:
            seen = 0.0
        return int(max(seen, self._wall() - BACK_S))
