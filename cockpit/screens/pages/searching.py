"""Finding a word on a page: the field to type it in, the hits, and the keys that go from one to the next."""

import asyncio

from textual import on, work
from textual.widgets import Input

from cockpit.screens.goal_screen import GoalScreen
from cockpit.screens.pages.finding import Finding
from cockpit.screens.pages.part import Part, Picture
from widgets.sections import Goal
from widgets.viewers.long_text import LongText


class Searching(GoalScreen):
    """A page whose text can be searched. The field has the id `search`."""

    DEFAULT_CSS = """
    Searching {
        & > #search { display: none; height: 1; border: none; padding: 0 1; background: $panel; }
        &.-searching > #search { display: block; }
        &.-searching > MessageLine { display: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._finding = Finding()
        self._one_at_a_time = asyncio.Lock()

    @property
    def text(self) -> LongText:
        """Where the text is."""
        raise NotImplementedError

    @property
    def part(self) -> Part:
        """What made the text."""
        raise NotImplementedError

    @property
    def goal(self) -> Goal:
        """What a part draws from."""
        raise NotImplementedError

    def draw(self, part: Part, picture: Picture) -> None:
        """Put what a part made on the screen."""
        raise NotImplementedError

    async def look(self, part: Part, word: str = "") -> bool:
        """Look at what a part has to show now, and draw it; False when that is on the screen already.

        What the page does by itself and a search do so by turns: a search goes through what is drawn.

        Args:
            word: Unfold whatever has it first.
        """
        async with self._one_at_a_time:
            if word:
                await asyncio.to_thread(part.reveal, word)
            picture = await part.look(self.goal, self.text.line_width)
            if picture is None or part is not self.part or not self.is_attached:
                return False
            self.draw(part, picture)
            return True

    @property
    def is_searching(self) -> bool:
        """Whether there is a search that esc would end."""
        return bool(self._finding.word) or self.has_class("-searching")

    def end_search(self) -> None:
        """Mark nothing any more."""
        self.remove_class("-searching")
        self._finding.end()
        self.text.show_word("")
        self.text.focus()

    def action_filter(self) -> None:
        """Type a word to find."""
        self.add_class("-searching")
        self.query_one("#search", Input).focus()

    @on(Input.Submitted, "#search")
    def find(self, submitted: Input.Submitted) -> None:
        """Find what was typed."""
        self.remove_class("-searching")
        self.text.focus()
        self._finding.begin(submitted.value)
        self.go_to_hit(1)

    @work(group="output")
    async def go_to_hit(self, step: int) -> None:
        """Go to the next hit, or the one before."""
        finding, part = self._finding, self.part
        if finding.is_new and finding.word:
            await self.look(part, finding.word)
        hit, words = await finding.hit(part.searched(self.text.rows), self.text.here, step)
        self.text.follows = self.text.follows and hit is None
        self.text.show_word(finding.word, -1 if hit is None else hit)
        self.cockpit.say(words)

    async def action_next_hit(self) -> None:
        """Go to the next hit of the search; without a search, launch as everywhere."""
        if self._finding.word:
            self.go_to_hit(1)
        else:
            await self.run_action("launch")  # where it is dead, it says why

    def action_previous_hit(self) -> None:
        """Go to the hit before."""
        if self._finding.word:
            self.go_to_hit(-1)
        else:
            self.cockpit.say("Nothing is searched; / finds a word.")
