"""Who needs a person: oldest first, what it wants, what stands still behind it, and the key that answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.events import Click
from textual.message import Message

from widgets.frame import NAMES, Heads
from widgets.needs import need_heads, need_lines, need_of, needs_title, needs_wanted, waits
from widgets.pane import Pane

if TYPE_CHECKING:
    from factory.model.status import Status
    from factory.model.view import RunRow
    from widgets.lines import Line


class NeedsYou(Pane):
    """Draws who needs a person."""

    TITLE, NUMBER = NAMES["needs"]

    @dataclass
    class Chosen(Message):
        """The operator clicked one of the goals."""

        run: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: tuple[RunRow, ...] = ()
        self._now = ""
        self._is_all = True
        self._status: Status | None = None
        self._heads: Heads = ()
        self._requests = 0

    @property
    def wanted_lines(self) -> int:
        """Lines that it has to say."""
        return needs_wanted(self.rows, self._requests)

    def show_needs(
        self,
        rows: tuple[RunRow, ...],
        now: str,
        is_all: bool = True,
        status: Status | None = None,
        requests: int = 0,
    ) -> None:
        """Draw these goals, which come oldest first; the same ones at the same age cost nothing.

        Args:
            is_all: Whether all goals are known.
            status: Of the selected goal, whose next action stands here too.
            requests: How many tasks of mission control wait to be launched.
        """
        self.rows, self._now, self._is_all, self._status, self._requests = rows, now, is_all, status, requests
        ages = [waits(row, now) for row in rows]
        self.show(self._lines, [need_of(row, status) for row in rows], rows, ages, is_all, requests)

    def _lines(self, width: int) -> tuple[Line, ...]:
        height = self.scrollable_content_region.height
        self._name_columns(need_heads(self.rows[:height], width))
        self.set_title(self.TITLE, needs_title(self.rows, height, self._requests))
        return need_lines(self.rows, self._now, width, height, self._is_all, self._status, self._requests)

    def heads(self, width: int) -> Heads:
        """What the columns are called."""
        return self._heads

    def _name_columns(self, heads: Heads) -> None:
        if heads != self._heads:
            self._heads = heads
            self.refresh_edge()

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= offset.y < len(self.rows):
            self.post_message(self.Chosen(self.rows[offset.y].id))
