"""What differs between the marked moment of a replay and the one on screen."""

from cockpit.screens.pages.part import Part, Picture
from factory.rules.differences import Still, differences
from widgets.sections import Goal
from widgets.viewers.difference_rows import difference_rows


class ComparePart(Part):
    """Every old value beside the new one, the earlier moment first; it follows while one moves on."""

    title = "Compare"
    empty = "No moment is marked: = marks this one; at another one it lists what differs."

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """Compare again when one of the two moments is another one."""
        marked, number, view = self.desk.marked(), self.desk.number(), goal.view
        if view is None:
            return None
        now = (id(marked), id(view), width)
        if now == self._drawn:
            return None
        self._drawn = now
        if marked is None:
            return Picture((((self.empty, "dim"),),))
        self._held = marked, view  # objects that are kept cannot lend their ids to the next ones
        here = Still(number, view.as_of, view)
        before, after = sorted((marked, here), key=lambda still: still.number)
        found = differences(before.view, after.view)
        rows = difference_rows(before, after, found, width)
        return Picture(rows, note=f"{len(found)} differ{'s' if len(found) == 1 else ''}")
