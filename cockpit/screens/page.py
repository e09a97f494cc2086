"""One part of the selected goal, or all of them, on a page of its own."""

from cockpit.screens.goal_screen import GoalScreen


class Page(GoalScreen):
    def __init__(self, part: str) -> None:
        super().__init__()
