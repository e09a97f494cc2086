"""Keys typed while a screen opens: they wait for it, so that no letter of a word acts on the screen below."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from math import inf
from typing import TYPE_CHECKING, Any

from textual.events import Event, Key, Paste

from cockpit.keymap import Key as TableKey

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget
    from textual.worker import Worker

    from cockpit.app import CockpitApp

LONGEST_S = 1.0
"""A disk that does not answer holds no key longer than this."""
TURN_S = 0.05
"""The same time is waited in turns: a machine that is too busy to let us run uses up one, however long it takes."""


class TypeAhead:
    """Holds what is typed after a key that opens something, until that is there.

    When nothing opens, what was typed is dropped, for it was for what did not come; but not what was typed after the
    message line had said why.

    Args:
        app: Whose keys these are.
    """

    def __init__(self, app: "CockpitApp") -> None:
        self._app = app
        self._ids: frozenset[str] = frozenset()
        self._keys: frozenset[str] = frozenset()
        self._opener: Event | None = None
        self._acted = asyncio.Event()
        self._opened = asyncio.Event()
        self._opened_at = 0.0
        self._said_at = inf
        self._is_listening = False
        self._waiting: deque[Event] = deque()
        self._task: asyncio.Task[None] | None = None

    def know(self, table: Iterable[TableKey]) -> None:
        """Take the keys that open something from a table."""
        openers = [key for key in table if key.opens]
        self._ids = frozenset(key.id for key in openers)
        self._keys = frozenset(part for key in openers for part in key.keys.split(","))

    async def pass_on(self, event: Event, handle: Callable[[Event], Awaitable[None]]) -> None:
        """Handle an event, unless it has to wait for what is opening."""
        is_back = event.is_forwarded  # from the focused widget, on its way to the action of the key
        if not is_back and isinstance(event, Key | Paste):
            if self._opener is not None:
                self._waiting.append(event)
                return
            if isinstance(event, Key) and self._opens(event.key):
                self._begin(event)
        await handle(event)
        if event is self._opener and (is_back or not event.is_forwarded):
            self._acted.set()

    def _opens(self, key: str) -> bool:
        if key not in self._keys:
            return False
        for _, bindings in self._app.screen._modal_binding_chain:  # without what a field would take as a letter
            for binding in bindings.key_to_bindings.get(key, ()):
                return binding.id in self._ids and binding.id not in getattr(self._app.screen, "turns_with", ())
        return False

    def _begin(self, event: Event) -> None:
        app = self._app
        if not self._is_listening:
            app.screen_change_signal.subscribe(app, self._changed, immediate=True)
            app.watch(app, "said", self._said, init=False)
            self._is_listening = True
        self._opener = event
        self._acted.clear()
        self._opened.clear()
        self._said_at = inf
        self._task = asyncio.create_task(self._wait(app.screen, app.focused, frozenset(app.workers)))

    def _changed(self, _: object) -> None:
        self._opened.set()
        self._opened_at = time.monotonic()

    def _said(self) -> None:
        self._said_at = time.monotonic()

    async def _wait(self, below: "Screen[Any]", focused: "Widget | None", known: "frozenset[Worker[Any]]") -> None:
        app = self._app
        is_settled = await _within(LONGEST_S, self._settle(known))  # if not, they go to what is there by now
        if app.screen is below and app.focused is focused:
            self._drop_until(self._said_at if is_settled else inf)
        elif not getattr(app.screen, "takes_early_keys", True):
            self._drop_until(self._opened_at)
        app.call_later(self._give)

    async def _settle(self, known: "frozenset[Worker[Any]]") -> None:
        app = self._app
        await self._acted.wait()
        await _turn(app.call_later)  # a field gets the focus by a message to the app
        await self._decided([worker for worker in app.workers if worker not in known])
        await _turn(app.screen.call_after_refresh)

    def _drop_until(self, moment: float) -> None:
        self._waiting = deque(event for event in self._waiting if event.time > moment)

    async def _decided(self, started: "list[Worker[Any]]") -> None:
        """Until a question is there, or what would have asked it has ended."""
        tasks = [worker._task for worker in started if worker._task]
        if tasks:
            opened = asyncio.create_task(self._opened.wait())
            await asyncio.wait([opened, *tasks], return_when=asyncio.FIRST_COMPLETED)
            opened.cancel()

    async def _give(self) -> None:
        self._opener = None
        while self._waiting and self._opener is None:
            await self._app.on_event(self._waiting.popleft())


async def _within(seconds: float, doing: Coroutine[Any, Any, None]) -> bool:
    """Do something for so long at most; whether it came to its end."""
    task = asyncio.create_task(doing)
    for _ in range(round(seconds / TURN_S)):
        done, _pending = await asyncio.wait([task], timeout=TURN_S)
        if done:
            task.result()
            return True
    task.cancel()
    return False


async def _turn(ask: Callable[..., bool]) -> None:
    """Until what was asked of a queue before now was done."""
    done = asyncio.Event()
    if ask(done.set):
        await done.wait()
