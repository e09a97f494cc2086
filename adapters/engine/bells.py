"""In-process bells, so that a parent need not ask the database many times a second whether its child has ended."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Bells:
    """One bell a name, for tasks of one event loop. Only a hint: whoever hears nothing asks the database."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = {}

    def ring(self, name: str) -> None:
        """Tell everybody who listens to `name`; when nobody does, nothing happens."""
        for bell in self._listeners.get(name, ()):
            bell.set()

    @contextmanager
    def listening(self, name: str) -> Iterator[asyncio.Event]:
        """An event that is set once `name` rings, from now on."""
        bell = asyncio.Event()
        self._listeners.setdefault(name, set()).add(bell)
        try:
            yield bell
        finally:
            self._listeners[name].discard(bell)
            if not self._listeners[name]:
                del self._listeners[name]


async def heard(bell: asyncio.Event, timeout_s: float) -> bool:
    """Wait until the bell rings, or the time is over. True when it rang."""
    try:
        async with asyncio.timeout(timeout_s):
            return await bell.wait()
    except TimeoutError:
        return False
