"""Where all values come from: each source with its age, and in full what is wrong with it and what helps."""

from cockpit.screens.pages.part import Part, Picture
from widgets.sections import Goal
from widgets.sources import full_source_lines


class SourcesPart(Part):
    """Every source; the one part that is about no goal."""

    title = "Sources"
    is_live = True

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """The sources as old as they are now."""
        rows = full_source_lines(self.desk.sources(), self.desk.now(), width)
        if (rows, width) == self._drawn:
            return None
        self._drawn = (rows, width)
        return Picture(rows)
