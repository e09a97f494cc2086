"""Going about: lines, panes, goals. What a screen has only one of says so."""

from cockpit.screens.base import CockpitScreen
from factory.model.view import RunRow
from widgets.line_list import LineList
from widgets.pane import Pane


class Moving(CockpitScreen[None]):
    """A screen with a selected goal and a list that the movement keys go to."""

    @property
    def row(self) -> RunRow | None:
        """The selected goal."""
        snapshot = self.cockpit.store.snapshot
        return snapshot.row(snapshot.wanted)

    @property
    def focused_list(self) -> LineList:
        """Where the movement keys go."""
        raise NotImplementedError

    def action_move(self, lines: int) -> None:
        """Move by lines."""
        self.focused_list.move(lines)

    def action_page(self, pages: int) -> None:
        """Move by pages."""
        self.focused_list.move(pages * self.focused_list.page)

    def action_first(self) -> None:
        """Go to the first line."""
        self.focused_list.move_to(0)

    def action_last(self) -> None:
        """Go to the last line."""
        self.focused_list.move_to(len(self.focused_list.keys) - 1)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self.focus_next(Pane)

    def action_previous_pane(self) -> None:
        """Go to the pane before."""
        self.focus_previous(Pane)

    def action_sideways(self, step: int) -> None:
        """Go to the nearest pane on the left (-1) or on the right (1)."""
        here = self.focused_list.region
        panes = [pane for pane in self.query(LineList) if pane.region.area]
        beyond = [pane for pane in panes if (pane.region.x >= here.right if step > 0 else pane.region.right <= here.x)]
        if not beyond:
            self.cockpit.say(f"There is no pane on the {'right' if step > 0 else 'left'}.")
            return
        min(beyond, key=lambda pane: (abs(pane.region.x - here.x), abs(pane.region.y - here.y))).focus()

    def action_zoom(self) -> None:
        """A page has the screen to itself."""
        self.cockpit.say("This page has the screen to itself; esc goes back.")
