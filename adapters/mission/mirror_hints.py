"""Tasks to look at again: each id once, and not more often than four times a second."""

GAP_S = 0.25


class Hints:
    """Collects them. Times are seconds that only grow."""

    def __init__(self) -> None:
        self._due: dict[int, float] = {}
        self._done: dict[int, float] = {}

    def add(self, id: int, now: float, after_s: float = 0.0) -> None:
        """A task may have changed: the first hint is followed at once, those right after it together."""
        if id:
            at = max(now + after_s, self._done.get(id, now - GAP_S) + GAP_S)
            self._due.setdefault(id, at)

    def take(self, now: float, most: int) -> tuple[int, ...]:
        """Ids whose time has come, those that wait longest first."""
        found = sorted((at, id) for id, at in self._due.items() if at <= now)[:most]
        for _, id in found:
            del self._due[id]
            self._done[id] = now
        return tuple(id for _, id in found)

    def drop(self, id: int) -> None:
        """It was looked at in another way."""
        self._due.pop(id, None)

    def forget_old(self, now: float) -> None:
        """Forget when those were looked at that may be looked at again."""
        self._done = {id: at for id, at in self._done.items() if now - at < GAP_S}

    def next_in_s(self, now: float) -> float:
        """Seconds until one is due; a minute when none is."""
        return max(0.0, min(self._due.values(), default=now + 60.0) - now)
