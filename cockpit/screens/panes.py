"""The panes of the main screen side by side: puts each one where the layout of this size wants it."""

from typing import TYPE_CHECKING

from textual.containers import Container
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from cockpit.screens.layouts import Box, plan
from widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Mapping


class Panes(Container):
    """Holds all panes; those that have no room have the class `-out` and are not drawn."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.boxes: Mapping[str, Box] = {}
        self._planned_for: object = None

    @property
    def panes(self) -> list[Pane]:
        """All of them, in their order, with room or without."""
        return [child for child in self.children if isinstance(child, Pane)]

    @property
    def layout(self) -> Layout:
        """Textual's hook; a layout of our own has no name in a style sheet."""
        return PLANNED

    def on_resize(self) -> None:
        self.fit()
        self.call_after_refresh(self.fit)  # in another width they have other lines to say

    def fit(self) -> None:
        """Plan again; costs a new layout only when a pane gets another place."""
        wanted = (self.size, self._said())
        if not self.size or wanted == self._planned_for:
            return
        self._planned_for = wanted
        boxes = self.planned(self.size)
        if boxes == self.boxes:
            return
        self.boxes = boxes
        for pane in self.panes:
            box = boxes.get(pane.id or "")
            pane.set_class(box is None, "-out")
            pane.stack(box is not None and box.is_above, box is not None and box.is_below)
        self._clear_arrangement_cache()  # Textual forgets it only when a child asks for a layout
        self.refresh(layout=True)

    def planned(self, size: Size) -> dict[str, Box]:
        """The places for what the panes have to say now."""
        return plan(size.width, size.height, self._said())

    def _said(self) -> dict[str, int]:
        return {pane.id or "": pane.wanted_lines for pane in self.panes}


class PlannedLayout(Layout):
    """Textual's side of the plan."""

    name = "planned"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Place the children; one that is zoomed has everything (Textual's hook)."""
        boxes = parent.boxes if isinstance(parent, Panes) and parent.boxes and parent.size == size else None
        if boxes is None and isinstance(parent, Panes):
            boxes = parent.planned(size)
        placements = []
        for child in children:
            box = Box(0, 0, size.width, size.height) if child.has_class("-zoom") else (boxes or {}).get(child.id or "")
            if box is not None:
                region = Region(box.x, box.y, box.width, box.height)
                placements.append(WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, child))
        return placements


PLANNED = PlannedLayout()
