"""A field for a folder that completes what is typed, with the folders it could be in a list below it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual import events, work
from textual.message import Message
from textual.widgets import Input

from cockpit.repositories import Place, completed, places
from widgets.lines import Line
from widgets.pane import Pane
from widgets.plain import visible

AFTER_S = 0.08
"""Quiet time before the disk is looked at."""


class FolderField(Input):
    """Takes a folder. While the list is there, tab completes, up and down choose, esc hides it."""

    @dataclass
    class Found(Message):
        """The folders that could be meant changed; none when the list goes."""

        places: Sequence[Place]
        cursor: int

    def __init__(self, text: str, hint: str, id: str) -> None:
        super().__init__(text, placeholder=hint, id=id, compact=True)
        self.cursor_blink = False
        self.known: tuple[str, ...] = ()
        """Repositories of earlier goals, newest first."""
        self._found: tuple[Place, ...] = ()
        self._cursor = -1

    def watch_value(self, value: str) -> None:
        """Look for folders that fit."""
        if self.has_focus:
            self.look(value)

    def on_focus(self) -> None:
        self.look(self.value)

    def on_blur(self) -> None:
        self._show(())

    async def _on_key(self, event: events.Key) -> None:
        if self._found and event.key in {"tab", "down", "up", "escape"}:
            if event.key == "tab" and not self._would_complete:
                return  # nothing to add: on to the next field
            event.prevent_default()
            event.stop()
            self._act(event.key)

    @work(group="places", exclusive=True)
    async def look(self, typed: str) -> None:
        """Find folders in a thread; the answer to what is not typed any more is dropped."""
        await asyncio.sleep(AFTER_S)
        found = await asyncio.to_thread(places, typed, self.known)
        if self.has_focus and self.value == typed:
            self._show(() if [place.path for place in found] == [typed] else found)

    @property
    def _would_complete(self) -> bool:
        return self._cursor >= 0 or completed(self.value, self._found) != self.value

    def _act(self, key: str) -> None:
        if key == "escape":
            self._show(())
        elif key == "tab":
            is_chosen = self._cursor >= 0
            self.value = self._found[self._cursor].path if is_chosen else completed(self.value, self._found)
            self.cursor_position = len(self.value)
        else:
            step = 1 if key == "down" else -1
            self._cursor = (self._cursor + step) % len(self._found)
            self.post_message(self.Found(self._found, self._cursor))

    def _show(self, found: tuple[Place, ...]) -> None:
        self._found, self._cursor = found, -1
        self.post_message(self.Found(found, -1))


class Places(Pane, can_focus=False):
    """The list below the field; it is there only while there is something to choose."""

    DEFAULT_CSS = """
    Places {
        display: none; height: auto; max-height: 8; border: none; padding: 0 2; background: $panel;
        &.-some { display: block; }
    }
    """

    def show_places(self, found: Sequence[Place], cursor: int) -> None:
        """Draw the folders; none hides the list."""
        self.set_class(bool(found), "-some")
        self.styles.height = len(found) + 1
        lines = [_line(place, index == cursor) for index, place in enumerate(found)]
        hint: Line = (("tab completes · ↑↓ choose · esc hides", "dim"),)
        self.show(lambda width: (*lines, hint))


def _line(place: Place, is_chosen: bool) -> Line:
    kind = "goal before" if place.is_known else "repository" if place.is_repository else ""
    mark: Any = "▶ " if is_chosen else "  "
    return ((mark, "accent"), (visible(place.path, 200), "strong" if is_chosen else ""), (f"  {kind}", "dim"))
