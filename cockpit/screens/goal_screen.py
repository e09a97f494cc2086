"""What can be done with the selected goal, on the main screen and on its pages alike."""

from typing import TYPE_CHECKING

from textual import work

from cockpit.keymap import bindings
from cockpit.screens import opening
from cockpit.screens.choosing import Choosing
from cockpit.screens.scrubbing import Scrubbing
from cockpit.screens.taking_over import TakingOver
from cockpit.screens.verbs import Verbs

if TYPE_CHECKING:
    from cockpit.screens.main import MainScreen


class GoalScreen(Choosing, Scrubbing, TakingOver, Verbs):
    """A screen with a selected goal and every key of the table."""

    BINDINGS = bindings("anywhere", "goals", "replay")

    @property
    def main(self) -> "MainScreen":
        """The main screen, which has the list."""
        return self.cockpit.main

    def files_changed(self) -> None:
        """Evidence files of the goal were written; what is drawn from them is to be drawn again."""

    async def action_launch(self) -> None:
        """Open the launch form."""
        await self.app.push_screen(opening.launch_form())

    async def action_peek(self) -> None:
        """Look at question, last output and blockers of the goal."""
        if self.alive("peek"):
            await self.app.push_screen(opening.peek())

    @work(group="menu")
    async def action_help(self) -> None:
        """Show the keys, and press the one that was chosen there."""
        action = await self.app.push_screen_wait(opening.keys_help())
        if action:
            await self.run_action(action)

    def action_palette(self) -> None:
        """Find an action, goal, step, page or setting by name."""
        self.app.action_command_palette()

    async def action_pane(self, name: str) -> None:
        """On a page: show that part of the goal, or go back to the pane of the main screen."""
        await self.main.show_pane(name, self)

    def action_beside(self, step: int) -> None:
        """Look at the goal above (-1) or below (1) in the list."""
        self.main.go_beside(step)

    async def action_page_of(self, part: str) -> None:
        """Open one part of the goal, or all of it (`run`)."""
        raise NotImplementedError

    def action_next_waiting(self) -> None:
        """Go to the goal that needs a person most."""
        self.main.go_to_waiting()

    def action_needing(self) -> None:
        """Filtering belongs to the list."""
        self.cockpit.say("esc goes back to the list, where it filters.")
