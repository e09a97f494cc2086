"""The knowledge pages of a goal, rendered from Markdown; left and right turn from page to page."""

import asyncio

from cockpit.knowledge_pages import KnowledgePage, read_pages
from cockpit.screens.pages.part import Desk, Part, Picture
from factory.model.view import RunView
from widgets.lines import Line
from widgets.plain import visible
from widgets.sections import Goal
from widgets.viewers.markdown import markdown_rows
from widgets.viewers.wrapping import folded_line


class KnowledgePart(Part):
    """One page at a time."""

    title = "Knowledge"
    empty = "No page yet: the request is written when the goal is launched, the others when it ends."

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._pages: tuple[KnowledgePage, ...] = ()
        self._place = 0
        self._view: RunView | None = None

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """Read the pages again whenever the goal was, and render the one on screen."""
        if goal.view is not None and goal.view is not self._view:
            self._view = goal.view
            self._pages = await asyncio.to_thread(read_pages, goal.view, bool(self.desk.number()))
        now = (self._pages, self._place, width)
        if now == self._drawn:
            return None
        self._drawn = now
        if not self._pages:
            return Picture((((self.empty, "dim"),),))
        page = self._pages[min(self._place, len(self._pages) - 1)]
        rows = await asyncio.to_thread(markdown_rows, page.text, width)
        return Picture((*self._head(page, width), (), *rows), note=f"page {self._place + 1} of {len(self._pages)}")

    def sideways(self, step: int) -> str:
        """Turn the page."""
        place = self._place + step
        if not 0 <= place < len(self._pages):
            return "That was the last page." if step > 0 else "That was the first page."
        self._place = place
        self.list.move_to(0)
        return ""

    def _head(self, page: KnowledgePage, width: int) -> tuple[Line, ...]:
        tabs: list[tuple[str, str]] = []
        for place, one in enumerate(self._pages):
            mark = "[{}]" if place == self._place else " {} "
            tabs.append((mark.format(visible(one.role, 20)), "strong" if place == self._place else "dim"))
        line: Line = (*((text, "strong" if tone == "strong" else "dim") for text, tone in tabs), ("  h l turn", "dim"))
        return (line, *folded_line(((visible(page.source, 400), "dim"),), width))
