"""Parts that need nothing but what was read already: the whole goal, blockers, steps, thread, cost, timeline."""

from cockpit.screens.pages.part import Desk, DrawnPart
from widgets.lines import Line
from widgets.sections import Goal, section_lines
from widgets.viewers.cost_page import cost_page
from widgets.viewers.timeline import timeline_lines
from widgets.viewers.whole_thread import whole_thread

WHOLE = ("summary", "steps", "thread", "evidence", "cost", "blockers")


class SectionsPart(DrawnPart):
    """Sections of a goal below each other."""

    empty = "The goal is being read."

    def __init__(self, desk: Desk, title: str, *sections: str) -> None:
        super().__init__(desk)
        self.title = title
        self._sections = sections

    def draw(self, goal: Goal, width: int) -> tuple[Line, ...]:
        """The sections."""
        return section_lines(self._sections, goal, width)


class ThreadPart(DrawnPart):
    """Every word between coder and verifier."""

    title = "Thread"
    empty = "No thread yet: it is wired when the goal is launched, and speaks once there is a result to check."

    def draw(self, goal: Goal, width: int) -> tuple[Line, ...]:
        """All threads."""
        return whole_thread(goal.view, width) if goal.view else ()


class CostPart(DrawnPart):
    """What it cost, and when."""

    title = "Cost"
    note = "≈ estimated  ? unpriced"
    empty = "Nothing spent yet: the first entry appears when an agent has ended."

    def draw(self, goal: Goal, width: int) -> tuple[Line, ...]:
        """Caps, curve, bars and the table."""
        if goal.view is None or goal.status is None:
            return ()
        return cost_page(goal.status, goal.view, self.desk.rows(), width)


class TimelinePart(DrawnPart):
    """What happened when, as bars."""

    title = "Timeline"
    empty = "No step has begun: bars appear as soon as one does."

    def draw(self, goal: Goal, width: int) -> tuple[Line, ...]:
        """The bars."""
        return timeline_lines(goal.view, width) if goal.view and goal.view.steps else ()
