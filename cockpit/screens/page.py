"""One part of the selected goal, or all of it, on a page of its own."""

import asyncio

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Resize

from cockpit.keymap import KEYS, bindings
from cockpit.pacing import FLOOD, Flood
from cockpit.screens.base import TooSmall
from cockpit.screens.fields import line_field
from cockpit.screens.hints import hints_for
from cockpit.screens.pages.choice import part_named
from cockpit.screens.pages.part import Desk, Part, Picture, desk_of
from cockpit.screens.pages.searching import Searching
from widgets.footer import Footer
from widgets.line_list import LineList
from widgets.message_line import MessageLine
from widgets.plain import visible
from widgets.sections import Goal
from widgets.summary import title_of
from widgets.viewers.long_text import LongText, Numbers

LIVE_S = 0.25
"""Between two looks at what grows by itself."""
WIDE = 120
"""Cells from which a list stands at the left."""
LABELS = {"filter": "search", "leave": "close", "mark": ""}
"""What keys of the main screen are called here; an empty label leaves one out."""


class Page(Searching):
    """Draws parts of the selected goal; the verbs work here too.

    Args:
        part: A name of `PARTS`, or `run` for all of the goal.
    """

    BINDINGS = bindings("page")
    turns_with = frozenset(key.id for key in KEYS if key.action == "open" or key.action.startswith("page_of("))
    AUTO_FOCUS = "#page"
    DEFAULT_CSS = """
    Page {
        layout: vertical;
        & > #body { height: 1fr; }
        & #page { width: 1fr; height: 100%; }
        & #side { width: 40; height: 100%; display: none; }
        &.-sided #side { display: block; }
    }
    """

    def __init__(self, part: str) -> None:
        super().__init__()
        self._first = part
        self._parts: list[Part] = []
        """What esc goes back through; the last one is drawn."""
        self._run = ""
        self._is_working = False
        self._again = False
        # Held, not looked up: a look that ends after the page was left still finds them.
        self._text = LongText(id="page")
        self._side = LongText(id="side", has_cursor=True)

    def compose(self) -> ComposeResult:
        with Horizontal(id="body"):
            yield self._side
            yield self._text
        yield MessageLine()
        yield line_field("search", hint="find on this page; esc leaves")
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        self._turn_to(part_named(self._first, self._desk))
        self.watch(self.app, "snapshot", self.show_goal)
        self.watch(self.app, "said", self.show_said)
        self.watch(self.app, "strip", self.show_said, init=False)
        self.watch(self.app, "moment", self.show_said)
        self.watch(self.app, "recording", self.show_said, init=False)
        self.set_interval(LIVE_S, self._look_if_live)

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self.freshen)

    @property
    def text(self) -> LongText:
        """Where the part is drawn."""
        return self._text

    @property
    def side(self) -> LongText:
        """The list at the left."""
        return self._side

    @property
    def part(self) -> Part:
        """What is drawn."""
        return self._parts[-1]

    @property
    def compares(self) -> bool:
        """Whether two moments are compared here."""
        return self._first == "compare"

    @property
    def focused_list(self) -> LineList:
        """The list at the left while it has the focus, else the page itself."""
        return self.side if self.focused is self.side else self.text

    @property
    def _desk(self) -> Desk:
        return desk_of(self.cockpit)

    @property
    def goal(self) -> Goal:
        """What a part draws from."""
        snapshot = self.cockpit.store.snapshot
        return Goal(self.row, snapshot.selected_view, snapshot.selected_status)

    def show_goal(self) -> None:
        """Draw the goal as it is now; another goal starts over with the part that the page was opened for."""
        goal = self.goal
        run = goal.row.id if goal.row else ""
        if run != self._run:
            self._run = run
            self._turn_to(part_named(self._first, self._desk))
        in_replay = self.cockpit.player is not None
        self.query_one(Footer).show_hints(*hints_for(self.cockpit.keys, goal.row, goal.status, LABELS, in_replay))
        self.freshen()

    def show_said(self) -> None:
        """Draw the message line."""
        app, said = self.cockpit, self.cockpit.said
        self.query_one(MessageLine).show_message(
            said.text, said.tone, app.ages(), app.reasons(), app.recording is not None, app.strip
        )

    def freshen(self) -> None:
        """Look again soon; what is asked while a look is under way is one more look."""
        self._again = True
        if not self._is_working and self.text.size.width:
            self._is_working = True
            self.look_again()

    @work(group="output")
    async def look_again(self) -> None:
        """Look until nothing changes, at most ten times a second; less often at what goes on and on."""
        flood = Flood()
        try:
            while self._again:
                self._again = False
                part = self.part
                is_new = await self.look(part)
                if not self.is_attached:
                    return  # left meanwhile
                if is_new:
                    self._again = True
                    flood.take(FLOOD)
                    await asyncio.sleep(flood.pace_s)
                self._again = self._again or part is not self.part
        finally:
            self._is_working = False

    def draw(self, part: Part, picture: Picture) -> None:
        """Put what a part made on the screen."""
        text = self.text
        text.has_cursor = part.has_cursor
        text.show_rows(picture.rows, picture.keys, picture.above)
        if part.place:
            text.go_to(part.place)
            part.place = ""
        if self.side.rows is not picture.side:
            self.side.show_rows(picture.side, list(Numbers(len(picture.side))))
            self.side.set_title("Files")
        self.set_class(bool(picture.side) and self.size.width >= WIDE, "-sided")
        row = self.row
        name = f"{part.title} · " if part.title else ""
        goal = f"{title_of(row)} · {visible(row.goal, 60)}" if row else "no goal"
        text.set_title(name + goal, picture.note)

    def _turn_to(self, part: Part, back: bool = False) -> None:
        """Draw another part; with `back`, esc returns to the one before."""
        self._parts = [*self._parts, part] if back else [part]
        self._show_part(part)

    def _show_part(self, part: Part) -> None:
        part.list = text = self.text
        part.forget()
        self.end_search()
        text.start(part.starts_at_end)
        if self.focused is self.side:
            text.focus()
        self.freshen()

    def files_changed(self) -> None:
        """A captured log that grows is drawn at once."""
        if self._parts:  # else it is only being opened
            self._look_if_live()

    def _look_if_live(self) -> None:
        if self.is_current and self.part.is_live:
            self.freshen()

    async def action_page_of(self, part: str) -> None:
        """Show another part here."""
        self._first = part
        self._turn_to(part_named(part, self._desk))

    async def action_open(self) -> None:
        """Open what is under the cursor; on a page without a cursor, all of the goal."""
        if not self.text.has_cursor:
            await self.action_page_of("run")
            return
        opened = self.part.open(self.text.key)
        if opened:
            self.part.place = self.text.key
            self._turn_to(opened, back=True)
        else:
            self.freshen()

    @on(LineList.Opened)
    async def open_clicked(self) -> None:
        """A second click opens."""
        await self.action_open()

    @on(LineList.Moved)
    def choose(self) -> None:
        """Go to the file under the cursor of the list."""
        if self.focused is self.side:
            self.part.choose(self.side.cursor)

    def action_back(self) -> None:
        """End the search, else go back to the list that this came from, else to the main screen."""
        if self.is_searching:
            self.end_search()
        elif len(self._parts) > 1:
            self._parts.pop()
            self._show_part(self.part)
        else:
            self.leave_with(None)

    def action_leave(self) -> None:
        """Go back to the main screen."""
        self.leave_with(None)

    def action_sideways(self, step: int) -> None:
        """The next file, attempt or page; in a tree: fold or unfold."""
        reason = self.part.sideways(step)
        if reason:
            self.cockpit.say(reason)
        self.freshen()

    def action_zoom(self) -> None:
        """A page has the screen to itself; what it shows may have more in it."""
        self.cockpit.say(self.part.turn())
        self.freshen()

    def action_follow(self) -> None:
        """Keep the end in view, or stay here."""
        self.text.follows = not self.text.follows
        if self.text.follows:
            self.text.go_to_end()
        self.cockpit.say("following: the end stays in view" if self.text.follows else "frozen; f follows again")

    def action_move(self, lines: int) -> None:
        """Move by lines; above the first one, what was before is read."""
        super().action_move(lines)
        self._moved(lines)

    def action_page(self, pages: int) -> None:
        """Move by pages; above the first one, what was before is read."""
        super().action_page(pages)
        self._moved(pages)

    def action_first(self) -> None:
        """Go to the first line."""
        super().action_first()
        self._moved(-1)

    def action_last(self) -> None:
        """Go to the last line; what grows is followed from there."""
        super().action_last()
        self.text.follows = self.text.follows or self.part.starts_at_end

    def _moved(self, way: int) -> None:
        self.text.freeze_if_scrolled()
        if way < 0 and self.text.scroll_offset.y == 0:
            self.read_older(self.part)

    @work(group="older", exclusive=True)
    async def read_older(self, part: Part) -> None:
        """Read what was before the first row."""
        if await part.older():
            self.freshen()
